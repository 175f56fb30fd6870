using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// The extents of a range of a disk, ascending and without gaps; each call starts anew.
/// </summary>
/// <param name="range">The range.</param>
/// <param name="cancellation">Ends the walk.</param>
public delegate IAsyncEnumerable<Extent> DiskExtents(
    ByteRange range, CancellationToken cancellation);
