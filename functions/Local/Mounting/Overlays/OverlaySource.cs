using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// An overlay that is to be ingested, pinned to its generation: a mount that goes on with it begins
/// another one.
/// </summary>
/// <param name="files">The file system.</param>
/// <param name="folder">The overlay's folder.</param>
/// <param name="sizeBytes">The disk's size.</param>
internal sealed class OverlaySource(IFileLayer files, string folder, long sizeBytes) : IImageSource
{
    /// <summary>The name of the format.</summary>
    public const string FormatName = "overlay";

    private OverlayDisk? _disk = OverlayDisk.Open(
        files, folder, sizeBytes, Nothing, new OverlaySizes(), isReadOnly: true);

    /// <inheritdoc/>
    public string Name => folder;

    /// <inheritdoc/>
    public long LengthBytes => sizeBytes;

    /// <inheritdoc/>
    public string Identity => $"overlay-{_disk?.Generation}-{_disk?.Records}";

    /// <inheritdoc/>
    public ValueTask<IDiskImage> OpenImageAsync(CancellationToken cancellation)
    {
        var image = new OverlayImage(_disk!, folder);
        // The image's from now on.
        _disk = null;
        return ValueTask.FromResult<IDiskImage>(image);
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        _disk!.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc/>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default) =>
        ValueTask.FromResult<ByteRange?>(offset < end ? new ByteRange(offset, end) : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disk?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The ingest lays the image on its parent itself.</summary>
    private static ValueTask Nothing(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        destination.Span.Clear();
        return ValueTask.CompletedTask;
    }
}
