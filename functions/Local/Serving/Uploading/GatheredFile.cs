using System.Text.Json.Serialization;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>What is known of a file that is being uploaded; written down durably beside it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The disk's name, or the machine file's.</param>
/// <param name="Format">A disk image's format.</param>
/// <param name="ReceivedBytes">
/// How many of its first bytes are durable; the file itself may be longer, by bytes that came after.
/// </param>
/// <param name="TotalBytes">Its whole length; null while it is not known.</param>
/// <param name="Touched">When this was written.</param>
internal sealed record GatheredFile(
    UploadKind Kind, string Name, string? Format, long ReceivedBytes, long? TotalBytes,
    DateTimeOffset Touched)
{
    /// <summary>Its file's name.</summary>
    [JsonIgnore]
    public string FileName => UploadRules.FileName(Kind, Name, Format);

    /// <summary>Whether all of it is here.</summary>
    [JsonIgnore]
    public bool IsComplete => ReceivedBytes == TotalBytes;

    /// <summary>It, as the API tells of it.</summary>
    public UploadedFileStatus Status() => new(Name, Format, ReceivedBytes, TotalBytes, IsComplete);
}
