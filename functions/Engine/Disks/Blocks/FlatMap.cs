using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>A disk that lies in a file as it is; the file's holes are zeros.</summary>
/// <param name="source">The file.</param>
/// <param name="offset">Where in it the disk begins.</param>
internal sealed class FlatMap(IByteSource source, long offset) : IBlockMap
{
    /// <inheritdoc />
    public async ValueTask<BlockRun> RunAsync(
        long guest, long end, bool isExact, CancellationToken cancellation)
    {
        var host = offset + guest;
        // A read takes zeros and data alike; where the holes are matters to a walk alone.
        if (isExact)
            return new BlockRun(ExtentKind.Data, guest, end, host);
        var data = await source.NextDataAsync(host, offset + end, cancellation);
        if (data is not { } next || next.Offset >= offset + end)
            return new BlockRun(ExtentKind.Zero, guest, end);
        return next.Offset > host
            ? new BlockRun(ExtentKind.Zero, guest, next.Offset - offset)
            : new BlockRun(ExtentKind.Data, guest, Math.Min(next.End - offset, end), host);
    }
}
