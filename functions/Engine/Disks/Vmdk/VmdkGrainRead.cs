using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// Reads compressed grains for one request. Neighbours in the file are fetched in one read, because
/// over a network a read of a single grain costs more than its bytes.
/// </summary>
internal sealed class VmdkGrainRead(
    IByteSource source, VmdkHeader header, DecodedClusters decoded, ImageFaults faults)
    : IPackedRead
{
    private const int MarkerBytes = 12;
    private const int MostWindowBytes = 1 << 20;
    private byte[] _window = [];
    private long _windowOffset;
    private long _windowEnd;

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        BlockRun run, long end, Memory<byte> destination, CancellationToken cancellation)
    {
        var inGrain = (int)(run.Guest & (header.GrainBytes - 1));
        if (decoded.TryCopy(run.Host, inGrain, destination.Span))
            return;
        // What is asked for is seldom longer packed than unpacked.
        var wish = (int)Math.Min(MostWindowBytes, inGrain + end - run.Guest) + (2 * MarkerBytes);
        var at = await FetchAsync(run.Host, MarkerBytes, wish, cancellation);
        var packedBytes = CheckMarker(run, _window.AsSpan(at));
        at = MarkerBytes + await FetchAsync(
            run.Host, MarkerBytes + packedBytes, wish, cancellation);
        if (destination.Length == header.GrainBytes)
        {
            Inflate(run, at, packedBytes, destination.Span);
            return;
        }

        var grain = decoded.Rent();
        try
        {
            Inflate(run, at, packedBytes, grain.AsSpan(0, header.GrainBytes));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(grain);
            throw;
        }

        grain.AsSpan(inGrain, destination.Length).CopyTo(destination.Span);
        decoded.Add(run.Host, grain);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_window.Length > 0)
            ArrayPool<byte>.Shared.Return(_window);
        _window = [];
    }

    private int CheckMarker(in BlockRun run, ReadOnlySpan<byte> marker)
    {
        var sector = BinaryPrimitives.ReadUInt64LittleEndian(marker);
        var expected = (run.Guest >> header.GrainBits << header.GrainBits)
            / VmdkHeader.SectorBytes;
        if (sector != (ulong)expected)
            throw faults.Table(
                $"the marker of the grain at sector {expected}", $"one of sector {sector}",
                run.Host);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(marker[8..]);
        if (length == 0 || length > 2 * header.GrainBytes)
            throw faults.Table(
                $"a compressed grain of 1 to {2 * header.GrainBytes} bytes", $"{length}",
                run.Host + 8);
        return run.Host + MarkerBytes <= source.LengthBytes - length
            ? (int)length
            : throw faults.Truncated(
                "a compressed grain", run.Host, MarkerBytes + length, source.LengthBytes);
    }

    /// <summary>
    /// Unpacks to one grain at most. The last one of the disk may be cut where the disk ends; what
    /// then lacks is zeros.
    /// </summary>
    private void Inflate(in BlockRun run, int at, int packedBytes, Span<byte> grain)
    {
        var needed = run.UnitEnd - (run.Guest >> header.GrainBits << header.GrainBits);
        int filled;
        bool isLonger;
        try
        {
            using var input = new MemoryStream(_window, at, packedBytes, writable: false);
            using var inflate = new ZLibStream(input, CompressionMode.Decompress);
            filled = inflate.ReadAtLeast(grain, grain.Length, throwOnEndOfStream: false);
            // Only at its end the stream's checksum is looked at.
            isLonger = filled == grain.Length && inflate.ReadByte() >= 0;
        }
        catch (InvalidDataException e)
        {
            throw faults.Compressed("a zlib stream", "damaged bytes", run.Host, e);
        }

        if (filled < needed || isLonger)
            throw faults.Compressed(
                $"a compressed grain of {header.GrainBytes} bytes",
                isLonger ? "more" : $"{filled}", run.Host);
        grain[filled..].Clear();
    }

    /// <summary>Where in the window a part of the file begins, once it is there.</summary>
    private async ValueTask<int> FetchAsync(
        long offset, int needed, int wish, CancellationToken cancellation)
    {
        if (offset >= _windowOffset && offset + needed <= _windowEnd)
            return (int)(offset - _windowOffset);
        var length = (int)Math.Min(Math.Max(needed, wish), source.LengthBytes - offset);
        if (_window.Length < length)
        {
            Dispose();
            _window = ArrayPool<byte>.Shared.Rent(length);
        }

        // Until the read is done the window holds nothing that may be used.
        (_windowOffset, _windowEnd) = (0, 0);
        await source.ReadAsync(offset, _window.AsMemory(0, length), cancellation);
        (_windowOffset, _windowEnd) = (offset, offset + length);
        return 0;
    }
}
