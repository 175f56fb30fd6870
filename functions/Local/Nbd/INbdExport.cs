using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>One disk that clients see. All calls may run side by side.</summary>
internal interface INbdExport
{
    /// <summary>One line for people.</summary>
    string Description { get; }

    /// <summary>The disk's size; it stays as it is.</summary>
    long SizeBytes { get; }

    /// <summary>Whether it can be written to.</summary>
    bool IsWritable { get; }

    /// <summary>The length that reads are best a multiple of: a power of two.</summary>
    int PreferredBytes { get; }

    /// <summary>
    /// The extents of a range from its start, ascending, without gaps: data, or zeros that were
    /// never stored; told from indexes alone. They may end before the range does.
    /// </summary>
    /// <param name="range">The range; it lies on the disk and is not empty.</param>
    /// <param name="most">How many extents at most.</param>
    /// <param name="extents">What to add them to: at least one.</param>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation);

    /// <summary>Fills the destination; the range lies on the disk.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellation);

    /// <summary>Writes; the range lies on the disk.</summary>
    ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Makes a range read as zeros.</summary>
    /// <param name="range">The range.</param>
    /// <param name="isStored">Whether the zeros must be stored: no hole.</param>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask ZeroAsync(ByteRange range, bool isStored, CancellationToken cancellation);

    /// <summary>Gives a range up: what lies wholly within it reads as zeros.</summary>
    ValueTask TrimAsync(ByteRange range, CancellationToken cancellation);

    /// <summary>Makes all that was written before the call durable.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>A range will be read soon.</summary>
    ValueTask PrefetchAsync(ByteRange range, CancellationToken cancellation);
}
