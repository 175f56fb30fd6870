using System.Buffers;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>
/// A VHDX: fixed, dynamic or differencing, without its parent. A log that was not replayed is
/// replayed in memory; the file is never written to.
/// </summary>
/// <remarks>
/// It owns its source: disposing of the image disposes of the source. Tables are cached in at most
/// 8 MiB, a log's changes in as much.
/// </remarks>
public sealed class VhdxImage : IDiskImage
{
    /// <summary>What a replayed log may add to the file, for the limit on what is stored.</summary>
    private const long MostAddedBytes = 256L << 20;

    private readonly IByteSource _source;
    private readonly IByteSource _replayed;
    private readonly ImageFaults _faults;
    private readonly VhdxHeader _header;
    private readonly VhdxMetadata _metadata;
    private readonly BlockReader _reader;

    private VhdxImage(
        IByteSource source, IByteSource replayed, VhdxHeader header, VhdxMetadata metadata,
        long tableOffset)
    {
        (_source, _replayed, _header, _metadata) = (source, replayed, header, metadata);
        _faults = new ImageFaults(source.Name);
        _reader = new BlockReader(
            replayed, new VhdxBlockMap(metadata, tableOffset, replayed, _faults), SizeBytes, Quota);
    }

    /// <inheritdoc />
    public string Format => "vhdx";

    /// <inheritdoc />
    public long SizeBytes => _metadata.SizeBytes;

    /// <inheritdoc />
    public bool HasParent => _metadata.HasParent;

    /// <inheritdoc />
    public string? ParentHint => _metadata.ParentName;

    /// <inheritdoc />
    public ImageIdentity Identity => new(
        _header.DataId == Guid.Empty ? null : _header.DataId.ToString("D"), _metadata.ParentIds);

    /// <inheritdoc />
    public string Description
    {
        get
        {
            var kind = HasParent ? "Differencing" : _metadata.KeepsBlocks ? "Fixed" : "Dynamic";
            var log = ReferenceEquals(_source, _replayed) ? null : ", its log replayed in memory";
            return $"{kind} VHDX, {SizeBytes} bytes, blocks of {_metadata.BlockBytes} bytes, "
                + $"sectors of {_metadata.SectorBytes} bytes ({_metadata.PhysicalBytes} physical)"
                + $"{log}, disk {_metadata.DiskId:D}";
        }
    }

    /// <summary>
    /// Opens a file that begins with VHDX's mark. The source is the image's from then on.
    /// </summary>
    /// <exception cref="InvalidImageException">It is damaged or of a refused kind.</exception>
    public static async ValueTask<VhdxImage> OpenAsync(
        IByteSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var faults = new ImageFaults(source.Name);
        if (source.LengthBytes < VhdxHeader.AlignmentBytes)
            throw faults.Truncated(
                "the headers", 0, VhdxHeader.AlignmentBytes, source.LengthBytes);
        var header = await HeaderAsync(source, faults, cancellation);
        var replayed = await new LogReplay(source, header, faults).RunAsync(cancellation);
        var regions = await RegionsAsync(replayed, faults, cancellation);
        var metadata = await new MetadataReader(replayed, regions.Metadata, faults)
            .ReadAsync(cancellation);
        if (metadata.TableEntries * 8 > regions.Bat.Length)
            throw faults.Header(
                $"a block allocation table of at least {metadata.TableEntries} entries",
                $"a region of {regions.Bat.Length} bytes", regions.Bat.Offset);
        return new VhdxImage(source, replayed, header, metadata, regions.Bat.Offset);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, CancellationToken cancellation = default) =>
        _reader.ExtentsAsync(range, cancellation);

    /// <inheritdoc />
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        _reader.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async ValueTask<VhdxHeader> HeaderAsync(
        IByteSource source, ImageFaults faults, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 * VhdxHeader.LengthBytes);
        try
        {
            var first = buffer.AsMemory(0, VhdxHeader.LengthBytes);
            var second = buffer.AsMemory(VhdxHeader.LengthBytes, VhdxHeader.LengthBytes);
            await source.ReadAsync(VhdxHeader.FirstOffset, first, cancellation);
            await source.ReadAsync(VhdxHeader.SecondOffset, second, cancellation);
            return VhdxHeader.Choose(first.Span, second.Span, source.LengthBytes, faults);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<VhdxRegions> RegionsAsync(
        IByteSource source, ImageFaults faults, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(VhdxRegions.LengthBytes);
        try
        {
            var table = buffer.AsMemory(0, VhdxRegions.LengthBytes);
            foreach (var at in new[] { VhdxRegions.FirstOffset, VhdxRegions.SecondOffset })
            {
                await source.ReadAsync(at, table, cancellation);
                if (VhdxRegions.Parse(table.Span, at, source.LengthBytes, faults) is { } regions)
                    return regions;
            }

            throw faults.Header(
                "one region table at least with its mark and a right checksum", "none",
                VhdxRegions.FirstOffset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ImageQuota Quota() => new(
        _faults, _source.LengthBytes,
        _metadata.BlockBytes
            + Math.Min(_replayed.LengthBytes - _source.LengthBytes, MostAddedBytes));
}
