namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>
/// The text that names an upload in a flow's input: the blob's name, and the ETag first seen behind
/// a '#', which no upload's name can hold once it was checked.
/// </summary>
internal static class UploadText
{
    private const char Mark = '#';

    /// <summary>Puts name and state together.</summary>
    public static string Of(string blob, string etag) => $"{blob}{Mark}{etag}";

    /// <summary>Takes them apart; no state: whichever stands.</summary>
    public static (string Blob, string? ETag) Parse(string source)
    {
        var at = source.LastIndexOf(Mark);
        return at < 0 ? (source, null) : (source[..at], source[(at + 1)..]);
    }
}
