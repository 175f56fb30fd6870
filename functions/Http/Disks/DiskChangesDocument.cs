namespace SnapshotFunctions.Http.Disks;

/// <summary>Which ranges of a disk differ between two versions.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Version">The version that is led to.</param>
/// <param name="Since">The version that it is compared with.</param>
/// <param name="SizeBytes">The disk's size at the version that is led to.</param>
/// <param name="SinceSizeBytes">
/// Its size at the other; past the end of either its bytes count as zeros.
/// </param>
/// <param name="UnitBytes">What is compared: blocks by their hashes, or sectors by their bytes.</param>
/// <param name="Ranges">The ranges, ascending; ones that touch stand as one.</param>
/// <param name="Next">The next page; absent when that was all.</param>
public sealed record DiskChangesDocument(
    string Machine, string Disk, int Version, int Since, long SizeBytes, long SinceSizeBytes,
    int UnitBytes, IReadOnlyList<ChangedRange> Ranges, string? Next);
