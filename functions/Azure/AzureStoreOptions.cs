using Azure.Core;
using Azure.Core.Pipeline;

namespace SnapshotFunctions.AzureStore;

/// <summary>How the two placements on Azure Blob Storage are reached.</summary>
public sealed record AzureStoreOptions
{
    /// <summary>The container of the base images.</summary>
    public string BaseContainer { get; init; } = "base";

    /// <summary>The container of the deltas and manifests' copies.</summary>
    public string DeltaContainer { get; init; } = "delta";

    /// <summary>
    /// True when the account of the base images is a Premium block blob account. It knows no
    /// tiers and refuses requests that name one, so none is ever sent there.
    /// </summary>
    public bool PremiumBase { get; init; }

    /// <summary>
    /// How often the SDK sends one request again after a failure that may pass. A flow retries its
    /// steps as well, so a few are enough.
    /// </summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The first wait before a request is sent again; later ones double.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait before a request is sent again.</summary>
    public TimeSpan MostRetryDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one network operation may stay silent.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Who the caller is when the setting is a URL; null for the identity that the environment
    /// offers (a managed identity on Azure, the developer's sign-in elsewhere).
    /// </summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>What carries the requests; null for the SDK's own. Tests put faults here.</summary>
    public HttpPipelineTransport? Transport { get; init; }
}
