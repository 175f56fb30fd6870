using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>A version's disk as clients see it that may not write.</summary>
internal sealed class ViewExport(CachedDisk disk) : INbdExport
{
    /// <inheritdoc/>
    public string Description =>
        $"{disk.View.Machine} version {disk.View.Version}, disk {disk.View.Disk.Name}";

    /// <inheritdoc/>
    public long SizeBytes => disk.SizeBytes;

    /// <inheritdoc/>
    public bool IsWritable => false;

    /// <inheritdoc/>
    public int PreferredBytes => Math.Clamp(disk.View.Layout.BlockBytes, 4096, 1 << 20);

    /// <inheritdoc/>
    public ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation) =>
        disk.ExtentsAsync(range, most, extents, cancellation);

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation) =>
        disk.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        throw new NotSupportedException("The disk is read-only.");

    /// <inheritdoc/>
    public ValueTask ZeroAsync(
        ByteRange range, bool isStored, CancellationToken cancellation) =>
        throw new NotSupportedException("The disk is read-only.");

    /// <inheritdoc/>
    public ValueTask TrimAsync(ByteRange range, CancellationToken cancellation) =>
        throw new NotSupportedException("The disk is read-only.");

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask PrefetchAsync(ByteRange range, CancellationToken cancellation) =>
        disk.PrefetchAsync(range, cancellation);
}
