using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>A run of the disk that comes from one place.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Guest">Its first byte on the disk.</param>
/// <param name="End">One past its last byte on the disk.</param>
/// <param name="Host">Of data, where in the file its first byte lies.</param>
/// <param name="UnitEnd">
/// Where on the disk the stored block that it is a part of ends; 0 where none is stored.
/// </param>
/// <param name="StoredBytes">
/// What that block takes up in the file, and a table if the run is the first that it tells of.
/// </param>
/// <param name="UnpackedBytes">
/// Of a compressed block, what it unpacks to: a read goes through <see cref="IPackedRead"/>, and
/// <paramref name="Host"/> is where the block begins, not the run.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockRun(
    ExtentKind Kind, long Guest, long End, long Host = 0, long UnitEnd = 0, long StoredBytes = 0,
    long UnpackedBytes = 0)
{
    /// <summary>Its length on the disk.</summary>
    public long Length => End - Guest;

    /// <summary>Whether the next run on the disk only continues this one in the file, too.</summary>
    public bool IsContinuedBy(in BlockRun next) =>
        Kind == next.Kind && UnpackedBytes == 0 && next.UnpackedBytes == 0
        && (Kind != ExtentKind.Data || Host + Length == next.Host);
}
