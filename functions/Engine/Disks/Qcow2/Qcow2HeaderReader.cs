using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>Reads a qcow2 header and refuses, by name, what cannot be read safely.</summary>
/// <remarks>
/// Refcounts are never used, so a dirty image (lazy refcounts) is as good as a clean one, and
/// internal snapshots need no reading: only the active L1 table is followed.
/// </remarks>
internal sealed class Qcow2HeaderReader
{
    /// <summary>Header and extensions are sought in this much of the file, as one read.</summary>
    private const int WindowBytes = 64 << 10;

    private const int Version2Bytes = 72;
    private const int Version3Bytes = 104;
    private const int BackingNameLimitBytes = 1023;
    private const long L1LimitBytes = 32L << 20;
    private const long RefcountTableLimitBytes = 8L << 20;

    private readonly IByteSource _source;
    private readonly ImageFaults _faults;

    private Qcow2HeaderReader(IByteSource source)
    {
        _source = source;
        _faults = new ImageFaults(source.Name);
    }

    /// <summary>The checked header of a file that starts with qcow2's magic.</summary>
    /// <exception cref="Model.InvalidImageException">
    /// It is damaged or of a refused kind.
    /// </exception>
    public static async ValueTask<Qcow2Header> ReadAsync(
        IByteSource source, CancellationToken cancellation)
    {
        var length = (int)Math.Min(source.LengthBytes, WindowBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            await source.ReadAsync(0, buffer.AsMemory(0, length), cancellation);
            var reader = new Qcow2HeaderReader(source);
            var window = buffer.AsMemory(0, length);
            var header = reader.Parse(window.Span);
            return header with
            {
                BackingName = await reader.BackingNameAsync(window, header, cancellation),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static uint U32(ReadOnlySpan<byte> window, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(window[at..]);

    private static ulong U64(ReadOnlySpan<byte> window, int at) =>
        BinaryPrimitives.ReadUInt64BigEndian(window[at..]);

    private Qcow2Header Parse(ReadOnlySpan<byte> window)
    {
        if (window.Length < Version2Bytes)
            throw _faults.Truncated("a qcow2 header", 0, Version2Bytes, window.Length);
        var version = U32(window, 4);
        if (version is not (2 or 3))
            throw _faults.Unsupported(
                "qcow2 version 2 or 3", $"version {version}", "Convert it to qcow2 version 3.");
        var clusterBits = U32(window, 20);
        if (clusterBits is < 9 or > 21)
            throw _faults.Header("cluster bits from 9 to 21", $"{clusterBits}", 20);
        if (U32(window, 32) is not 0 and var method)
            throw _faults.Refused(
                "encrypted", "a qcow2 image that is not encrypted", $"encryption method {method}",
                "Decrypt it first.");

        var features = 0UL;
        var compression = Qcow2Compression.Zlib;
        if (version == 3)
        {
            var headerBytes = CheckVersion3(window, 1 << (int)clusterBits);
            features = U64(window, 72);
            Qcow2Features.Check(_faults, window, headerBytes, features);
            compression = CompressionOf(window, headerBytes, features);
        }

        var header = new Qcow2Header
        {
            Version = (int)version,
            ClusterBits = (int)clusterBits,
            SizeBytes = SizeOf(window),
            L1Offset = (long)Math.Min(U64(window, 40), long.MaxValue),
            HasSubclusters = (features & Qcow2Features.ExtendedL2) != 0,
            Compression = compression,
            BackingName = null,
        };
        if (header is { HasSubclusters: true, ClusterBits: < 14 })
            throw _faults.Header(
                "cluster bits from 14 on with extended L2 entries", $"{clusterBits}", 20);
        CheckL1(header, U32(window, 36));
        CheckRest(window, header);
        return header;
    }

    private int CheckVersion3(ReadOnlySpan<byte> window, int clusterBytes)
    {
        if (window.Length < Version3Bytes)
            throw _faults.Truncated("a qcow2 version 3 header", 0, Version3Bytes, window.Length);
        var headerBytes = U32(window, 100);
        if (headerBytes < Version3Bytes || headerBytes > clusterBytes || headerBytes % 8 != 0)
            throw _faults.Header(
                $"a header of 104 to {clusterBytes} bytes, a multiple of 8", $"{headerBytes}", 100);
        if (headerBytes > window.Length)
            throw _faults.Truncated("a header", 0, headerBytes, window.Length);
        if (U32(window, 96) is > 6 and var order)
            throw _faults.Header("a refcount order of at most 6", $"{order}", 96);
        return (int)headerBytes;
    }

    private Qcow2Compression CompressionOf(
        ReadOnlySpan<byte> window, int headerBytes, ulong features)
    {
        var type = headerBytes > Version3Bytes ? window[Version3Bytes] : (byte)0;
        if ((features & Qcow2Features.CompressionType) != 0 != (type != 0))
            throw _faults.Header(
                "a compression type that agrees with its feature bit", $"{type}", Version3Bytes);
        return type switch
        {
            0 => Qcow2Compression.Zlib,
            1 => Qcow2Compression.Zstd,
            _ => throw _faults.Unsupported(
                "zlib or zstd compression", $"compression type {type}", "Convert it to zstd."),
        };
    }

    private long SizeOf(ReadOnlySpan<byte> window)
    {
        var size = U64(window, 24);
        return size <= ImageLimits.DiskBytes ? (long)size : throw _faults.Refused(
            "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes", $"{size} bytes",
            "Split the disk.");
    }

    private void CheckL1(Qcow2Header header, uint entries)
    {
        var reachBits = header.TableReachBits;
        var needed = (header.SizeBytes + (1L << reachBits) - 1) >> reachBits;
        if (entries < needed)
            throw _faults.Header($"an L1 table of at least {needed} entries", $"{entries}", 36);
        var lengthBytes = (long)entries * 8;
        if (lengthBytes > L1LimitBytes)
            throw _faults.Header(
                $"an L1 table of at most {L1LimitBytes} bytes", $"{lengthBytes}", 36);
        if ((header.L1Offset & (header.ClusterBytes - 1)) != 0)
            throw _faults.Header("an L1 table at a cluster's start", $"{header.L1Offset}", 40);
        if (header.L1Offset > _source.LengthBytes - lengthBytes)
            throw _faults.Truncated(
                "an L1 table", header.L1Offset, lengthBytes, _source.LengthBytes);
    }

    private void CheckRest(ReadOnlySpan<byte> window, Qcow2Header header)
    {
        var alignment = (ulong)header.ClusterBytes - 1;
        var refcountBytes = (long)U32(window, 56) << header.ClusterBits;
        if ((U64(window, 48) & alignment) != 0 || refcountBytes is 0 or > RefcountTableLimitBytes)
            throw _faults.Header(
                $"a refcount table of at most {RefcountTableLimitBytes} bytes at a cluster's start",
                $"{refcountBytes} bytes at {U64(window, 48)}", 48);
        if (U32(window, 60) is > 65536 and var snapshots)
            throw _faults.Header("at most 65536 internal snapshots", $"{snapshots}", 60);
        if (U32(window, 60) > 0 && (U64(window, 64) & alignment) != 0)
            throw _faults.Header(
                "a snapshot table at a cluster's start", $"{U64(window, 64)}", 64);
    }

    private async ValueTask<string?> BackingNameAsync(
        ReadOnlyMemory<byte> window, Qcow2Header header, CancellationToken cancellation)
    {
        var offset = U64(window.Span, 8);
        var length = U32(window.Span, 16);
        if (offset == 0 || length == 0)
            return null;
        if (length > BackingNameLimitBytes || offset > (ulong)header.ClusterBytes - length)
            throw _faults.Header(
                $"a backing file name of at most {BackingNameLimitBytes} bytes in cluster 0",
                $"{length} bytes at {offset}", 8);
        if ((long)offset + length > _source.LengthBytes)
            throw _faults.Truncated(
                "a backing file name", (long)offset, length, _source.LengthBytes);
        var name = new byte[length];
        await _source.ReadAsync((long)offset, name, cancellation);
        return Encoding.UTF8.GetString(name);
    }
}
