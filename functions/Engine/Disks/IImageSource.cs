using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>A source that is a disk by itself, not a file of one of the formats.</summary>
public interface IImageSource : IByteSource
{
    /// <summary>The disk; it needs the source no more.</summary>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask<IDiskImage> OpenImageAsync(CancellationToken cancellation);
}
