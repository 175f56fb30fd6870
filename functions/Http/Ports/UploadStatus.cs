namespace SnapshotFunctions.Http.Ports;

/// <summary>How far an upload has come.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Disks">Its disk images so far.</param>
/// <param name="Files">Its machine files so far.</param>
/// <param name="Job">The ingest, once it was completed; null before.</param>
/// <param name="Expires">
/// When what was uploaded is removed unless more comes; null once it was completed.
/// </param>
public sealed record UploadStatus(
    string Machine, string Snapshot, IReadOnlyList<UploadedFileStatus> Disks,
    IReadOnlyList<UploadedFileStatus> Files, string? Job, DateTimeOffset? Expires = null);
