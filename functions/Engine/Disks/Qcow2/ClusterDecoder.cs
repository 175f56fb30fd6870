using System.Collections.Concurrent;
using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>Unpacks compressed clusters, each to exactly one cluster and never more.</summary>
internal sealed class ClusterDecoder : IDisposable
{
    private readonly Qcow2Compression _compression;
    private readonly ImageFaults _faults;
    private readonly ConcurrentBag<Decompressor> _idle = [];

    /// <summary>A decoder of an image's one compression.</summary>
    public ClusterDecoder(Qcow2Compression compression, ImageFaults faults)
    {
        _compression = compression;
        _faults = faults;
    }

    /// <summary>
    /// Fills the cluster from the start of the packed bytes; what is behind is ignored.
    /// </summary>
    /// <param name="packed">Packed bytes, with up to a sector of something else behind.</param>
    /// <param name="packedBytes">How many of them there are.</param>
    /// <param name="packedAt">Where in the array they begin.</param>
    /// <param name="cluster">A whole cluster.</param>
    /// <param name="host">Where in the file they lie, for the error.</param>
    /// <exception cref="Model.InvalidImageException">Reason "compressed".</exception>
    public void Decode(
        byte[] packed, int packedAt, int packedBytes, Span<byte> cluster, long host)
    {
        if (_compression == Qcow2Compression.Zlib)
            Inflate(packed, packedAt, packedBytes, cluster, host);
        else
            Unwrap(packed.AsSpan(packedAt, packedBytes), cluster, host);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_idle.TryTake(out var decompressor))
            decompressor.Dispose();
    }

    private void Inflate(
        byte[] packed, int packedAt, int packedBytes, Span<byte> cluster, long host)
    {
        int filled;
        try
        {
            using var input = new MemoryStream(packed, packedAt, packedBytes, writable: false);
            using var inflate = new DeflateStream(input, CompressionMode.Decompress);
            filled = inflate.ReadAtLeast(cluster, cluster.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw _faults.Compressed("a deflate stream", "damaged bytes", host, e);
        }

        CheckFilled(filled, cluster.Length, host);
    }

    /// <summary>
    /// Unpacks frame by frame straight into the cluster: that way the window a frame asks for is
    /// the cluster itself, and a hostile header can claim no memory.
    /// </summary>
    private void Unwrap(ReadOnlySpan<byte> packed, Span<byte> cluster, long host)
    {
        if (!_idle.TryTake(out var decompressor))
            decompressor = new Decompressor();
        var filled = 0;
        try
        {
            while (filled < cluster.Length && !packed.IsEmpty)
            {
                var frameBytes = FrameBytes(packed, host);
                filled += decompressor.Unwrap(packed[..frameBytes], cluster[filled..]);
                packed = packed[frameBytes..];
            }
        }
        catch (ZstdException e)
        {
            throw _faults.Compressed("zstd frames of one cluster", e.Message, host, e);
        }
        finally
        {
            _idle.Add(decompressor);
        }

        CheckFilled(filled, cluster.Length, host);
    }

    private unsafe int FrameBytes(ReadOnlySpan<byte> packed, long host)
    {
        fixed (byte* start = packed)
        {
            var found = Methods.ZSTD_findFrameCompressedSize(start, (nuint)packed.Length);
            return Methods.ZSTD_isError(found) || found == 0 || found > (nuint)packed.Length
                ? throw _faults.Compressed("a whole zstd frame", "damaged bytes", host)
                : (int)found;
        }
    }

    private void CheckFilled(int filledBytes, int clusterBytes, long host)
    {
        if (filledBytes != clusterBytes)
            throw _faults.Compressed(
                $"a compressed cluster of {clusterBytes} bytes", $"{filledBytes}", host);
    }
}
