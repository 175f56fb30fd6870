namespace SnapshotFunctions.Http.Ports;

/// <summary>How far a file has come.</summary>
/// <param name="Name">The disk's name, or the machine file's.</param>
/// <param name="Format">A disk image's format; null for a machine file.</param>
/// <param name="ReceivedBytes">How many of its first bytes are here, durably.</param>
/// <param name="TotalBytes">Its whole length; null while it is not known.</param>
/// <param name="IsComplete">Whether all of it is here.</param>
public sealed record UploadedFileStatus(
    string Name, string? Format, long ReceivedBytes, long? TotalBytes, bool IsComplete);
