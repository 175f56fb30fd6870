using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>A VHD: fixed, dynamic or differencing, without its parent.</summary>
/// <remarks>
/// It owns its source: disposing of the image disposes of the source. Tables are cached in at most
/// 8 MiB.
/// </remarks>
public sealed class VhdImage : IDiskImage
{
    private readonly IByteSource _source;
    private readonly ImageFaults _faults;
    private readonly VhdFooter _footer;
    private readonly VhdHeader? _header;
    private readonly BlockReader _reader;

    private VhdImage(
        IByteSource source, ImageFaults faults, VhdFooter footer, VhdHeader? header)
    {
        (_source, _faults, _footer, _header) = (source, faults, footer, header);
        IBlockMap map = header is null
            ? new FlatMap(source, 0)
            : new VhdBlockMap(header, SizeBytes, HasParent, source, faults);
        _reader = new BlockReader(source, map, SizeBytes, Quota);
    }

    /// <inheritdoc />
    public string Format => "vhd";

    /// <inheritdoc />
    public long SizeBytes => _footer.SizeBytes;

    /// <inheritdoc />
    public bool HasParent => _footer.Kind == VhdKind.Differencing;

    /// <inheritdoc />
    public string? ParentHint => HasParent ? _header?.ParentName : null;

    /// <inheritdoc />
    public ImageIdentity Identity => new(
        TextOf(_footer.Id), HasParent && TextOf(_header!.ParentId) is { } parent ? [parent] : []);

    /// <inheritdoc />
    public string Description
    {
        get
        {
            var blocks = _header is null ? null : $", blocks of {_header.BlockBytes} bytes";
            var size = SizeBytes == _footer.CurrentBytes
                ? null
                : $" by its geometry ({_footer.CurrentBytes} by its size field)";
            var copy = _footer.IsFromCopy ? ", read by the copy of its footer" : null;
            var parent = HasParent
                ? $", parent last written {ParentTime():yyyy-MM-dd HH:mm:ss} UTC"
                : null;
            return $"{_footer.Kind} VHD, {SizeBytes} bytes{size}{blocks}, made by "
                + $"'{_footer.Creator}'{copy}{parent}";
        }
    }

    /// <summary>Opens a file that has a VHD footer. The source is the image's from then on.</summary>
    /// <exception cref="InvalidImageException">It is damaged or of a refused kind.</exception>
    public static async ValueTask<VhdImage> OpenAsync(
        IByteSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var faults = new ImageFaults(source.Name);
        var opening = new VhdOpening(source, faults);
        var footer = await opening.FooterAsync(cancellation);
        var header = footer.Kind == VhdKind.Fixed
            ? null
            : await opening.HeaderAsync(footer, cancellation);
        return new VhdImage(source, faults, footer, header);
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

    private static string? TextOf(Guid id) => id == Guid.Empty ? null : id.ToString("D");

    private DateTime ParentTime() =>
        new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_header!.ParentTimeSeconds);

    private ImageQuota Quota() => new(_faults, _source.LengthBytes, _header?.BlockBytes ?? 0);
}
