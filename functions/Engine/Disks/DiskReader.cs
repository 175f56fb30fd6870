namespace SnapshotFunctions.Engine.Disks;

/// <summary>Fills the destination with a disk's content from an offset on.</summary>
/// <param name="offset">The first byte.</param>
/// <param name="destination">What to fill; the range lies on the disk.</param>
/// <param name="cancellation">Ends the reading.</param>
public delegate ValueTask DiskReader(
    long offset, Memory<byte> destination, CancellationToken cancellation);
