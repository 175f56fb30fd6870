using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>A version's disk as clients see it that may write: what they write goes to an overlay.</summary>
internal sealed class OverlayExport(CachedDisk disk, OverlayDisk overlay) : INbdExport
{
    /// <inheritdoc/>
    public string Description =>
        $"{disk.View.Machine} version {disk.View.Version}, disk {disk.View.Disk.Name}, writable";

    /// <inheritdoc/>
    public long SizeBytes => overlay.SizeBytes;

    /// <inheritdoc/>
    public bool IsWritable => true;

    /// <inheritdoc/>
    public int PreferredBytes => OverlaySizes.SectorBytes;

    /// <inheritdoc/>
    public ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation) =>
        overlay.ExtentsAsync(range, most, extents, disk.ExtentsAsync, cancellation);

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation) =>
        overlay.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        overlay.WriteAsync(offset, content, cancellation);

    /// <inheritdoc/>
    public ValueTask ZeroAsync(
        ByteRange range, bool isStored, CancellationToken cancellation) =>
        overlay.ZeroAsync(range, isStored, cancellation);

    /// <inheritdoc/>
    public ValueTask TrimAsync(ByteRange range, CancellationToken cancellation) =>
        overlay.TrimAsync(range, cancellation);

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation) =>
        await overlay.FlushAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask PrefetchAsync(ByteRange range, CancellationToken cancellation) =>
        disk.PrefetchAsync(range, cancellation);
}
