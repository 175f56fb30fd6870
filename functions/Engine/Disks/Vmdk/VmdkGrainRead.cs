using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
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
    private readonly FileWindow _window = new(source);

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        BlockRun run, long end, Memory<byte> destination, CancellationToken cancellation)
    {
        var inGrain = (int)(run.Guest & (header.GrainBytes - 1));
        if (decoded.TryCopy(run.Host, inGrain, destination.Span))
            return;
        // What is asked for is seldom longer packed than unpacked.
        var wish = (int)Math.Min(MostWindowBytes, inGrain + end - run.Guest) + (2 * MarkerBytes);
        var marker = await _window.FetchAsync(run.Host, MarkerBytes, wish, cancellation);
        var packedBytes = CheckMarker(run, marker.Span);
        var packed = (await _window.FetchAsync(
            run.Host, MarkerBytes + packedBytes, wish, cancellation))
            .Slice(MarkerBytes, packedBytes);
        if (destination.Length == header.GrainBytes)
        {
            Inflate(run, packed, destination.Span);
            return;
        }

        var grain = decoded.Rent();
        try
        {
            Inflate(run, packed, grain.AsSpan(0, header.GrainBytes));
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
    public void Dispose() => _window.Dispose();

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
    private void Inflate(in BlockRun run, ReadOnlyMemory<byte> packed, Span<byte> grain)
    {
        var needed = run.UnitEnd - (run.Guest >> header.GrainBits << header.GrainBits);
        int filled;
        bool isLonger;
        try
        {
            using var input = Streamed(packed);
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

    private static MemoryStream Streamed(ReadOnlyMemory<byte> packed) =>
        MemoryMarshal.TryGetArray(packed, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : throw new InvalidOperationException("A window is an array.");
}
