using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>A qcow2 image of version 2 or 3: its active state, without its backing file.</summary>
/// <remarks>
/// It owns its source: disposing of the image disposes of the source. Tables and unpacked clusters
/// are cached in at most 12 MiB; a request that unpacks holds up to 4 MiB more while it runs.
/// </remarks>
public sealed class Qcow2Image : IDiskImage
{
    /// <summary>
    /// An extent is handed out at the latest when this many parts of tables were read.
    /// </summary>
    private const int SlicesPerStep = 16;

    private readonly IByteSource _source;
    private readonly Qcow2Header _header;
    private readonly ImageFaults _faults;
    private readonly ClusterMap _map;
    private readonly ClusterDecoder _decoder;
    private readonly DecodedClusters _decoded;

    private Qcow2Image(IByteSource source, Qcow2Header header)
    {
        _source = source;
        _header = header;
        _faults = new ImageFaults(source.Name);
        _map = new ClusterMap(header, source, _faults);
        _decoder = new ClusterDecoder(header.Compression, _faults);
        _decoded = new DecodedClusters(header.ClusterBytes);
    }

    /// <inheritdoc />
    public string Format => "qcow2";

    /// <inheritdoc />
    public long SizeBytes => _header.SizeBytes;

    /// <inheritdoc />
    public bool HasParent => _header.BackingName is not null;

    /// <inheritdoc />
    public string? ParentHint => _header.BackingName;

    /// <inheritdoc />
    public string Description =>
        $"qcow2 version {_header.Version}, {SizeBytes} bytes, clusters of "
        + $"{_header.ClusterBytes} bytes{(_header.HasSubclusters ? " with subclusters" : null)}, "
        + $"{(_header.Compression == Qcow2Compression.Zlib ? "zlib" : "zstd")}"
        + (HasParent ? ", with a backing file" : null);

    /// <summary>
    /// Opens a file that starts with qcow2's magic. The source is the image's from then on.
    /// </summary>
    /// <exception cref="InvalidImageException">It is damaged or of a refused kind.</exception>
    public static async ValueTask<Qcow2Image> OpenAsync(
        IByteSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new Qcow2Image(source, await Qcow2HeaderReader.ReadAsync(source, cancellation));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        DiskRanges.Check(range, SizeBytes);
        var quota = new ImageQuota(_faults, _source.LengthBytes, _header.ClusterBytes);
        var (at, start, kind) = (range.Offset, range.Offset, default(ExtentKind?));
        var (table, slices) = (-1L, 0);
        while (at < range.End)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = await _map.SliceAsync(at, cancellation);
            var index = at >> _header.TableReachBits;
            if (slice.Page is not null && index != table)
            {
                table = index;
                quota.AddStored(_header.ClusterBytes);
            }

            if (++slices > SlicesPerStep && kind is { } whole)
            {
                yield return new Extent(new ByteRange(start, at), whole);
                (start, kind) = (at, null);
            }

            slices = kind is null ? 1 : slices;
            while (at < range.End && at < slice.End)
            {
                var run = _map.NextRun(slice, at, range.End);
                Charge(quota, run);
                var next = KindOf(run.Kind);
                if (kind is { } before && before != next)
                {
                    yield return new Extent(new ByteRange(start, at), before);
                    (start, slices) = (at, 1);
                }

                (kind, at) = (next, run.End);
            }
        }

        if (kind is { } last)
            yield return new Extent(new ByteRange(start, at), last);
    }

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        var end = offset + destination.Length;
        DiskRanges.Check(new ByteRange(offset, end), SizeBytes);
        using var compressed = new CompressedReader(
            _source, _map, _decoder, _decoded, _header.ClusterBytes);
        var pending = default(MapRun);
        for (var at = offset; at < end;)
        {
            var slice = await _map.SliceAsync(at, cancellation);
            while (at < end && at < slice.End)
            {
                var run = _map.NextRun(slice, at, end);
                at = run.End;
                // What lies together in the file is read at once, also across tables.
                if (pending.Length > 0 && pending.IsContinuedBy(run))
                {
                    pending = pending with { Length = pending.Length + run.Length };
                    continue;
                }

                await FillAsync(pending, destination, offset, cancellation);
                pending = run;
                if (run.Kind != RunKind.Compressed)
                    continue;
                var part = destination.Slice((int)(run.Guest - offset), (int)run.Length);
                await compressed.ReadAsync(run, slice, end, part, cancellation);
                pending = default;
            }
        }

        await FillAsync(pending, destination, offset, cancellation);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _decoder.Dispose();
        _decoded.Dispose();
        return _source.DisposeAsync();
    }

    private ExtentKind KindOf(RunKind kind) => kind switch
    {
        RunKind.Zero => ExtentKind.Zero,
        RunKind.Unallocated => HasParent ? ExtentKind.Parent : ExtentKind.Zero,
        _ => ExtentKind.Data,
    };

    private void Charge(ImageQuota quota, in MapRun run)
    {
        if (run.Kind == RunKind.Data)
            quota.AddStored(run.Length);
        else if (run.Kind == RunKind.Compressed)
            // Its end is only known to the sector, and a neighbour may begin in that sector.
            quota.AddCompressed(Math.Max(1, run.PackedBytes - 511), _header.ClusterBytes);
    }

    private async ValueTask FillAsync(
        MapRun run, Memory<byte> destination, long offset, CancellationToken cancellation)
    {
        if (run.Length == 0)
            return;
        var part = destination.Slice((int)(run.Guest - offset), (int)run.Length);
        var stored = run.Kind == RunKind.Data
            ? (int)Math.Clamp(_source.LengthBytes - run.Host, 0, run.Length)
            : 0;
        if (stored > 0)
            await _source.ReadAsync(run.Host, part[..stored], cancellation);
        part.Span[stored..].Clear();
    }
}
