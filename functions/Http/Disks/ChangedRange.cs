namespace SnapshotFunctions.Http.Disks;

/// <summary>A range of a disk.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
public sealed record ChangedRange(long Offset, long Length);
