using System.Globalization;
using Azure.Storage.Blobs.Models;

namespace SnapshotFunctions.AzureStore.Restoring;

/// <summary>What a restored blob carries as metadata.</summary>
internal static class BlobTargetMarks
{
    private const string Identity = "restore";
    private const string Length = "lengthbytes";

    /// <summary>The metadata of a target.</summary>
    public static Dictionary<string, string> Of(string identity, long lengthBytes) =>
        new(StringComparer.Ordinal)
        {
            [Identity] = identity,
            [Length] = lengthBytes.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>Whether a blob is of this preparation.</summary>
    public static bool Is(BlobProperties found, string identity) =>
        string.Equals(IdentityOf(found), identity, StringComparison.Ordinal);

    /// <summary>Which preparation a blob is of; null for none.</summary>
    public static string? IdentityOf(BlobProperties found) =>
        found.Metadata.TryGetValue(Identity, out var identity) ? identity : null;

    /// <summary>The disk's length: a page blob may be longer by less than a page.</summary>
    public static long LengthOf(BlobProperties found) =>
        found.BlobType == BlobType.Page
        && found.Metadata.TryGetValue(Length, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && PageBlobTarget.Rounded(length) == found.ContentLength
            ? length
            : found.ContentLength;
}
