using System.Buffers;
using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// Writes a disk as a standalone qcow2 image of version 3: 64 KiB clusters, not compressed, zeros
/// left out. The file is written from its first byte to its last and never sought in, so that it
/// can go straight into an upload; a file that ends early is refused by every reader, because the
/// header names tables that come last.
/// </summary>
/// <remarks>
/// qcow2 readers count a disk in sectors of 512 bytes and drop what does not fill one. A disk that
/// does not end on a sector is therefore rounded up to one, with zeros.
/// </remarks>
public sealed class Qcow2Writer
{
    private const int SectorBytes = 512;
    private const int BufferClusters = 16;
    private readonly Stream _destination;
    private readonly DiskReader _readAsync;
    private readonly long _sizeBytes;
    private readonly Qcow2Layout _layout;
    private readonly long[] _l1;
    private readonly byte[] _table = new byte[Qcow2Layout.ClusterBytes];
    private long _tableIndex = -1;
    private long _cluster = 1;

    private Qcow2Writer(
        Stream destination, long sizeBytes, DiskReader readAsync, Qcow2Layout layout)
    {
        _destination = destination;
        _sizeBytes = sizeBytes;
        _readAsync = readAsync;
        _layout = layout;
        _l1 = new long[layout.L1Entries];
    }

    /// <summary>Writes an image's disk as it is, and leaves the destination open.</summary>
    /// <exception cref="InvalidOperationException">The image leaves ranges to a parent.</exception>
    public static Task WriteAsync(
        Stream destination, IDiskImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return WriteAsync(
            destination, image.SizeBytes, image.ExtentsAsync, image.ReadAsync, cancellation);
    }

    /// <summary>Writes a disk, and leaves the destination open.</summary>
    /// <param name="destination">Where to; it is only ever appended to.</param>
    /// <param name="sizeBytes">The disk's size; at most 64 TiB.</param>
    /// <param name="extents">
    /// What the disk holds; walked twice, once to count, and equal both times. No extent may be
    /// left to a parent.
    /// </param>
    /// <param name="readAsync">Reads the disk's content.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <exception cref="InvalidOperationException">The extents are not as described.</exception>
    public static async Task WriteAsync(
        Stream destination, long sizeBytes, DiskExtents extents, DiskReader readAsync,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(extents);
        ArgumentNullException.ThrowIfNull(readAsync);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, ImageLimits.DiskBytes);
        var layout = await CountAsync(sizeBytes, extents, cancellation);
        var writer = new Qcow2Writer(destination, sizeBytes, readAsync, layout);
        await writer.WriteAllAsync(extents, cancellation);
    }

    private static async Task<Qcow2Layout> CountAsync(
        long sizeBytes, DiskExtents extents, CancellationToken cancellation)
    {
        var (data, tables, lastTable) = (0L, 0L, -1L);
        await foreach (var run in RunsAsync(sizeBytes, extents, cancellation))
        {
            data += run.Length >> Qcow2Layout.ClusterBits;
            var first = run.Offset / Qcow2Layout.TableReachBytes;
            var last = (run.End - 1) / Qcow2Layout.TableReachBytes;
            tables += last - Math.Max(first - 1, lastTable);
            lastTable = last;
        }

        var rounded = (sizeBytes + SectorBytes - 1) / SectorBytes * SectorBytes;
        return new Qcow2Layout(rounded, data, tables);
    }

    /// <summary>The clusters that hold any data, as ranges of whole clusters.</summary>
    private static async IAsyncEnumerable<ByteRange> RunsAsync(
        long sizeBytes, DiskExtents extents,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        const long Mask = Qcow2Layout.ClusterBytes - 1;
        var written = 0L;
        await foreach (var (range, kind) in extents(new ByteRange(0, sizeBytes), cancellation))
        {
            if (kind == ExtentKind.Parent)
                throw new InvalidOperationException(
                    $"A standalone image cannot leave {range} to a parent.");
            var start = Math.Max(range.Offset & ~Mask, written);
            var end = (range.End + Mask) & ~Mask;
            if (kind != ExtentKind.Data || end <= start)
                continue;
            written = end;
            yield return new ByteRange(start, end);
        }
    }

    private async Task WriteAllAsync(DiskExtents extents, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferClusters * Qcow2Layout.ClusterBytes);
        try
        {
            var cluster = buffer.AsMemory(0, Qcow2Layout.ClusterBytes);
            cluster.Span.Clear();
            _layout.WriteHeader(cluster.Span);
            await _destination.WriteAsync(cluster, cancellation);
            await foreach (var run in RunsAsync(_sizeBytes, extents, cancellation))
                await WriteRunAsync(run, buffer, cancellation);
            await EndTableAsync(cancellation);
            if (_cluster != 1 + _layout.DataClusters + _layout.Tables)
                throw new InvalidOperationException(
                    $"The disk's extents changed while it was written: {_cluster} clusters "
                    + $"instead of {1 + _layout.DataClusters + _layout.Tables}.");
            await WriteTablesAsync(cluster, cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteRunAsync(
        ByteRange run, byte[] buffer, CancellationToken cancellation)
    {
        for (var at = run.Offset; at < run.End;)
        {
            var index = at / Qcow2Layout.TableReachBytes;
            if (index != _tableIndex)
                await EndTableAsync(cancellation);
            _tableIndex = index;
            var end = Math.Min(
                Math.Min(run.End, (index + 1) * Qcow2Layout.TableReachBytes),
                at + (BufferClusters * Qcow2Layout.ClusterBytes));
            var part = buffer.AsMemory(0, (int)(end - at));
            var onDisk = (int)(Math.Min(end, _sizeBytes) - at);
            await _readAsync(at, part[..onDisk], cancellation);
            part.Span[onDisk..].Clear();
            await _destination.WriteAsync(part, cancellation);
            for (; at < end; at += Qcow2Layout.ClusterBytes)
                SetEntry(at, _cluster++);
        }
    }

    private void SetEntry(long guest, long cluster)
    {
        var entry = (int)(guest % Qcow2Layout.TableReachBytes >> Qcow2Layout.ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(_table.AsSpan(entry * 8), UsedOnce(cluster));
    }

    /// <summary>A table entry's offset, marked as the only one that leads there.</summary>
    private static long UsedOnce(long cluster) =>
        (cluster << Qcow2Layout.ClusterBits) | long.MinValue;

    private async Task EndTableAsync(CancellationToken cancellation)
    {
        if (_tableIndex < 0)
            return;
        await _destination.WriteAsync(_table, cancellation);
        _l1[_tableIndex] = UsedOnce(_cluster++);
        _table.AsSpan().Clear();
        _tableIndex = -1;
    }

    private async Task WriteTablesAsync(Memory<byte> cluster, CancellationToken cancellation)
    {
        await WriteEntriesAsync(cluster, _layout.L1Entries, i => _l1[i], cancellation);
        for (var block = 0L; block < _layout.RefcountBlocks; block++)
        {
            _layout.WriteRefcountBlock(cluster.Span, block);
            await _destination.WriteAsync(cluster, cancellation);
        }

        var first = _layout.RefcountBlocksOffset;
        await WriteEntriesAsync(
            cluster, _layout.RefcountBlocks, i => first + (i << Qcow2Layout.ClusterBits),
            cancellation);
    }

    private async Task WriteEntriesAsync(
        Memory<byte> cluster, long count, Func<long, long> entryAt, CancellationToken cancellation)
    {
        const int PerCluster = Qcow2Layout.ClusterBytes / 8;
        for (var first = 0L; first < count; first += PerCluster)
        {
            cluster.Span.Clear();
            for (var i = first; i < Math.Min(count, first + PerCluster); i++)
                BinaryPrimitives.WriteInt64BigEndian(
                    cluster.Span[((int)(i - first) * 8)..], entryAt(i));
            await _destination.WriteAsync(cluster, cancellation);
        }
    }
}
