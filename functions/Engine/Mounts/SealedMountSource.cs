using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>What was written to a disk of a mount, as one seal of it says, to be ingested.</summary>
internal sealed class SealedMountSource(
    string name, string identity, SealedMountImage image) : IImageSource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long LengthBytes => image.SizeBytes;

    /// <inheritdoc/>
    public string Identity => identity;

    /// <inheritdoc/>
    public ValueTask<IDiskImage> OpenImageAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<IDiskImage>(image);

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        image.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc/>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        ValueTask.FromResult<ByteRange?>(offset < end ? new ByteRange(offset, end) : null);

    /// <inheritdoc/>
    /// <remarks>The image holds memory alone, and goes with whoever holds it.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
