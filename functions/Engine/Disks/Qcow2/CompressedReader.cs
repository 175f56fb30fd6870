using System.Buffers;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// Reads compressed clusters for one request. Neighbours in the file are fetched in one read,
/// because over a network a read of a single packed cluster costs more than its bytes.
/// </summary>
internal sealed class CompressedReader : IDisposable
{
    private const int WindowBytes = 1 << 20;
    private const int GapBytes = 64 << 10;
    private readonly IByteSource _source;
    private readonly ClusterMap _map;
    private readonly ClusterDecoder _decoder;
    private readonly DecodedClusters _decoded;
    private readonly int _clusterBytes;
    private byte[] _window = [];
    private long _windowOffset;
    private long _windowEnd;

    /// <summary>A reader for one request.</summary>
    public CompressedReader(
        IByteSource source, ClusterMap map, ClusterDecoder decoder, DecodedClusters decoded,
        int clusterBytes)
    {
        _source = source;
        _map = map;
        _decoder = decoder;
        _decoded = decoded;
        _clusterBytes = clusterBytes;
    }

    /// <summary>
    /// Fills the destination, which is as long as the run, with the run's content.
    /// </summary>
    /// <param name="run">A part of one compressed cluster.</param>
    /// <param name="slice">The entries that follow it, to see what to fetch with it.</param>
    /// <param name="end">Where on the disk the request ends.</param>
    /// <param name="destination">As long as the run.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="Model.InvalidImageException">The cluster is damaged.</exception>
    public async ValueTask ReadAsync(
        MapRun run, TableSlice slice, long end, Memory<byte> destination,
        CancellationToken cancellation)
    {
        var inCluster = (int)(run.Guest & (_clusterBytes - 1));
        if (_decoded.TryCopy(run.Host, inCluster, destination.Span))
            return;
        if (run.Host < _windowOffset || run.Host + run.PackedBytes > _windowEnd)
            await FetchAsync(run, WindowEndOf(run, slice, end), cancellation);

        var packedAt = (int)(run.Host - _windowOffset);
        if (destination.Length == _clusterBytes)
        {
            _decoder.Decode(_window, packedAt, run.PackedBytes, destination.Span, run.Host);
            return;
        }

        var cluster = _decoded.Rent();
        try
        {
            _decoder.Decode(
                _window, packedAt, run.PackedBytes, cluster.AsSpan(0, _clusterBytes), run.Host);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(cluster);
            throw;
        }

        cluster.AsSpan(inCluster, destination.Length).CopyTo(destination.Span);
        _decoded.Add(run.Host, cluster);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_window.Length > 0)
            ArrayPool<byte>.Shared.Return(_window);
        _window = [];
    }

    private long WindowEndOf(in MapRun run, in TableSlice slice, long end)
    {
        var windowEnd = run.Host + run.PackedBytes;
        for (var at = run.End; at < end && at < slice.End;)
        {
            var next = _map.NextRun(slice, at, end);
            var nextEnd = next.Host + next.PackedBytes;
            if (next.Kind != RunKind.Compressed || next.Host < run.Host
                || next.Host > windowEnd + GapBytes || nextEnd - run.Host > WindowBytes)
                break;
            windowEnd = Math.Max(windowEnd, nextEnd);
            at = next.End;
        }

        return windowEnd;
    }

    private async ValueTask FetchAsync(MapRun run, long windowEnd, CancellationToken cancellation)
    {
        var length = (int)(windowEnd - run.Host);
        if (_window.Length < length)
        {
            Dispose();
            _window = ArrayPool<byte>.Shared.Rent(length);
        }

        // Until the read is done the window holds nothing that may be used.
        (_windowOffset, _windowEnd) = (0, 0);
        await _source.ReadAsync(run.Host, _window.AsMemory(0, length), cancellation);
        (_windowOffset, _windowEnd) = (run.Host, windowEnd);
    }
}
