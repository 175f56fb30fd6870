using Azure.Identity;
using Azure.Storage.Blobs;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// How one account is named in a setting: by URL, or by connection string. No record: a record's
/// text would show the key.
/// </summary>
internal sealed class AzureAccount
{
    private const string ApplicationId = "SnapshotFunctions";

    private readonly Uri? _url;
    private readonly string? _connection;

    private AzureAccount(Uri? url, string? connection) => (_url, _connection) = (url, connection);

    /// <summary>Whether a text looks like an account's URL or connection string.</summary>
    public static bool Recognises(string text) => IsConnection(text) || IsUrl(text, out _);

    /// <summary>Reads an account's URL or connection string.</summary>
    /// <exception cref="RefusedException">It is neither; no secret is repeated.</exception>
    public static AzureAccount Parse(string text)
    {
        if (IsConnection(text))
            return new AzureAccount(null, text);
        if (!IsUrl(text, out var url))
        {
            throw Malformed(
                "expected https://<account>.blob.core.windows.net or a connection string "
                + "(two of them with a comma between for two accounts)");
        }

        if (!Is(url.Scheme, Uri.UriSchemeHttps))
            throw Malformed($"'{url.Host}' must be reached by https, as identities are");
        if (!Is(url.AbsolutePath, "/"))
        {
            throw Malformed(
                $"the URL of '{url.Host}' must name the account alone, not '{url.AbsolutePath}'");
        }

        return url.Query.Length > 0 || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            ? throw Malformed(
                $"the URL of '{url.Host}' must carry no signature or name; "
                + "put those into a connection string (BlobEndpoint=...;SharedAccessSignature=...)")
            : new AzureAccount(url, null);
    }

    /// <summary>A client of the account.</summary>
    /// <exception cref="RefusedException">The connection string is not whole.</exception>
    public BlobServiceClient Connect(AzureStoreOptions options)
    {
        var client = ClientOptions(options);
        if (_url is not null)
        {
            return new BlobServiceClient(
                _url, options.Credential ?? new DefaultAzureCredential(), client);
        }

        try
        {
            return new BlobServiceClient(_connection, client);
        }
        catch (Exception error)
            when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            // The SDK's own words are left out: they may repeat a part of the string.
            throw Malformed(
                "the connection string is not whole; expected AccountName=...;AccountKey=...;"
                + "EndpointSuffix=..., or BlobEndpoint=... with AccountName and AccountKey or a "
                + "SharedAccessSignature, or UseDevelopmentStorage=true");
        }
    }

    /// <summary>Whether both name one account.</summary>
    public bool IsSame(AzureAccount other) =>
        _url == other._url
        && string.Equals(_connection, other._connection, StringComparison.Ordinal);

    /// <summary>The refusal of a setting.</summary>
    public static RefusedException Malformed(string why) =>
        new("store-setting", $"The setting of the store on Azure cannot be used: {why}.");

    private static bool IsConnection(string text) =>
        text.Contains("UseDevelopmentStorage=", StringComparison.OrdinalIgnoreCase)
        || text.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
        || text.Contains("BlobEndpoint=", StringComparison.OrdinalIgnoreCase);

    private static bool IsUrl(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!)
        && (Is(url.Scheme, Uri.UriSchemeHttps) || Is(url.Scheme, Uri.UriSchemeHttp))
        && url.Host.Split('.').Skip(1).Contains("blob", StringComparer.OrdinalIgnoreCase);

    private static bool Is(string found, string expected) =>
        string.Equals(found, expected, StringComparison.Ordinal);

    private static BlobClientOptions ClientOptions(AzureStoreOptions options)
    {
        var client = new BlobClientOptions();
        client.Diagnostics.ApplicationId = ApplicationId;
        client.Retry.MaxRetries = options.MaxRetries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = options.MostRetryDelay;
        client.Retry.NetworkTimeout = options.NetworkTimeout;
        if (options.Transport is not null)
            client.Transport = options.Transport;
        return client;
    }
}
