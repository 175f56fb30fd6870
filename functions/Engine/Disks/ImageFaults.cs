using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>The faults of one image, worded alike for every format.</summary>
/// <param name="image">The image's name, as the user knows it.</param>
internal sealed class ImageFaults(string image)
{
    private const string UploadAgain = "Check the file with its own tool and upload it again.";

    /// <summary>The file ends before something that its own tables promise.</summary>
    public InvalidImageException Truncated(
        string what, long offset, long lengthBytes, long fileBytes) =>
        new("truncated", image, $"{what} of {lengthBytes} bytes", $"a file of {fileBytes} bytes",
            offset, UploadAgain);

    /// <summary>A field of the header is outside what the format allows.</summary>
    public InvalidImageException Header(string expected, string found, long? offset = null) =>
        new("header", image, expected, found, offset, UploadAgain);

    /// <summary>An entry of a mapping table is outside what the format allows.</summary>
    public InvalidImageException Table(string expected, string found, long? offset = null) =>
        new("table", image, expected, found, offset, UploadAgain);

    /// <summary>Bytes of the file are not those that were written.</summary>
    public InvalidImageException Checksum(string expected, string found, long offset) =>
        new("checksum", image, expected, found, offset, UploadAgain);

    /// <summary>Compressed content cannot be unpacked to exactly one cluster.</summary>
    public InvalidImageException Compressed(
        string expected, string found, long offset, Exception? inner = null) =>
        new("compressed", image, expected, found, offset, UploadAgain, inner);

    /// <summary>The format or one of its features is known, but is not read.</summary>
    public InvalidImageException Unsupported(string expected, string found, string advice) =>
        new("unsupported", image, expected, found, null, advice);

    /// <summary>A refusal with a reason of its own.</summary>
    public InvalidImageException Refused(
        string reason, string expected, string found, string advice) =>
        new(reason, image, expected, found, null, advice);

    /// <summary>The image asks for more work than a file of its length may.</summary>
    public InvalidImageException Quota(string expected, string found) =>
        new("quota", image, expected, found, null,
            "If the image is sound, convert it to one that is not compressed and shares nothing.");
}
