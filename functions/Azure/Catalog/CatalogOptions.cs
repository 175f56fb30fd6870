using Azure.Core;
using Azure.Core.Pipeline;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>How the tables are reached.</summary>
public sealed record CatalogOptions
{
    /// <summary>Put before the tables' names; letters and digits.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How often the SDK sends a request again after a failure that may pass.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The first wait before a request is sent again; later ones double.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>The longest wait before a request is sent again.</summary>
    public TimeSpan MostRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who the caller is when the setting is a URL; null for the environment's.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>What carries the requests; null for the SDK's own. Tests put faults here.</summary>
    public HttpPipelineTransport? Transport { get; init; }
}
