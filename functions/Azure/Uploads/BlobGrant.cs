namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// Leave to upload one blob. No record: a record's text would show the signature.
/// </summary>
/// <param name="url">Where to; holds the signature.</param>
/// <param name="expires">When the leave ends.</param>
public sealed class BlobGrant(Uri url, DateTimeOffset expires)
{
    /// <summary>Where to; for the client alone, never for a log.</summary>
    public Uri Url { get; } = url;

    /// <summary>The method of an upload in one request; longer ones are put as blocks.</summary>
    public string Method { get; } = "PUT";

    /// <summary>What an upload in one request must carry.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["x-ms-blob-type"] = "BlockBlob",
        };

    /// <summary>When the leave ends.</summary>
    public DateTimeOffset Expires { get; } = expires;
}
