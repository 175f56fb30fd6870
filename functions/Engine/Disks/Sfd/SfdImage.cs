using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>
/// A changed-block file: what a feed of changed blocks or a dirty bitmap tells, always an
/// incremental.
/// </summary>
/// <remarks>
/// It owns its source. The table is cached in at most 4 MiB, ranges that are read in parts in at
/// most 8. The checksum over header and table is looked at when the image is verified, once; that
/// of a range whenever the range is read.
/// </remarks>
public sealed class SfdImage : IDiskImage
{
    private const int TrailerBytes = 64;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int BufferBytes = 1 << 20;
    private readonly IByteSource _source;
    private readonly ImageFaults _faults;
    private readonly SfdHeader _header;
    private readonly long _headerBytes;
    private readonly ByteRange _table;
    private readonly SfdMap _map;
    private readonly DecodedClusters _checked = new(SfdEntry.MostDataBytes);
    private readonly BlockReader _reader;

    private SfdImage(
        IByteSource source, ImageFaults faults, SfdHeader header, long headerBytes,
        ByteRange table)
    {
        (_source, _faults, _header) = (source, faults, header);
        (_headerBytes, _table) = (headerBytes, table);
        _map = new SfdMap(source, SizeBytes, headerBytes, table, faults);
        _reader = new BlockReader(
            source, _map, SizeBytes, () => new ImageQuota(faults, source.LengthBytes, 0),
            () => new SfdRangeRead(source, _map, _checked, faults));
    }

    /// <inheritdoc />
    public string Format => "sfd";

    /// <inheritdoc />
    public long SizeBytes => _header.SizeBytes;

    /// <inheritdoc />
    public bool HasParent => true;

    /// <inheritdoc />
    public string? ParentHint => null;

    /// <inheritdoc />
    public ImageIdentity Identity => new(
        _header.Id.Length == 0 ? null : _header.Id,
        _header.ParentKind switch
        {
            SfdParentKind.Version => [ImageIdentity.OfVersion(_header.Parent)],
            SfdParentKind.Fingerprint => [ImageIdentity.OfFingerprint(_header.Parent)],
            SfdParentKind.Identifier => [_header.Parent],
            _ => [],
        });

    /// <inheritdoc />
    public string Description =>
        $"changed-block file, {SizeBytes} bytes, {_map.Count} ranges, against "
        + (_header.ParentKind == SfdParentKind.None
            ? "a parent that it does not name" : Identity.ParentIds[0]);

    /// <summary>
    /// Opens a file that begins as such a file does. The source is the image's from then on.
    /// </summary>
    /// <exception cref="InvalidImageException">It is damaged.</exception>
    public static async ValueTask<SfdImage> OpenAsync(
        IByteSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var faults = new ImageFaults(source.Name);
        if (source.LengthBytes < SfdHeader.FixedBytes + TrailerBytes)
            throw faults.Truncated(
                "a header and a trailer", 0, SfdHeader.FixedBytes + TrailerBytes,
                source.LengthBytes);
        var head = new byte[Math.Min(
            SfdHeader.FixedBytes + (2 * SfdHeader.MostTextBytes),
            source.LengthBytes - TrailerBytes)];
        await source.ReadAsync(0, head, cancellation);
        var (header, headerBytes) = Parse(head, faults);
        var trailer = new byte[TrailerBytes];
        await source.ReadAsync(source.LengthBytes - TrailerBytes, trailer, cancellation);
        var table = Table(trailer, headerBytes, source.LengthBytes, faults);
        return new SfdImage(source, faults, header, headerBytes, table);
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
    public async ValueTask VerifyAsync(CancellationToken cancellation = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var end = _source.LengthBytes - HashBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            foreach (var range in new[] { new ByteRange(0, _headerBytes), new(_table.Offset, end) })
            {
                for (var at = range.Offset; at < range.End;)
                {
                    var part = buffer.AsMemory(0, (int)Math.Min(BufferBytes, range.End - at));
                    await _source.ReadAsync(at, part, cancellation);
                    hash.AppendData(part.Span);
                    at += part.Length;
                }
            }

            var stored = buffer.AsMemory(0, HashBytes);
            await _source.ReadAsync(end, stored, cancellation);
            var found = hash.GetHashAndReset();
            if (!stored.Span.SequenceEqual(found))
                throw _faults.Checksum(
                    "header and table with the checksum "
                    + Convert.ToHexStringLower(stored.Span),
                    Convert.ToHexStringLower(found), end);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _checked.Dispose();
        return _source.DisposeAsync();
    }

    private static (SfdHeader Header, long LengthBytes) Parse(
        ReadOnlySpan<byte> head, ImageFaults faults)
    {
        if (!head.StartsWith(SfdHeader.Mark))
            throw faults.Header("the mark of a changed-block file", "another", 0);
        var size = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        if (size > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes", $"{size} bytes",
                "Split the disk.");
        if (size <= 0)
            throw faults.Header("a disk of one byte at least", $"{size}", 8);
        var (kind, parentBytes, idBytes) = ((SfdParentKind)head[16], head[17], head[18]);
        if (!Enum.IsDefined(kind))
            throw faults.Header("a kind of parent from 0 to 3", $"{head[16]}", 16);
        if (head[19..SfdHeader.FixedBytes].ContainsAnyExcept((byte)0))
            throw faults.Header("reserved bytes of 0", "others", 19);
        if (parentBytes > SfdHeader.MostTextBytes || idBytes > SfdHeader.MostTextBytes
            || (parentBytes == 0) != (kind == SfdParentKind.None))
            throw faults.Header(
                $"texts of at most {SfdHeader.MostTextBytes} bytes, and a parent where its kind "
                + "says so", $"{parentBytes} and {idBytes} bytes", 17);
        var end = SfdHeader.FixedBytes + parentBytes + idBytes;
        if (end > head.Length)
            throw faults.Truncated("a header", 0, end, head.Length + TrailerBytes);
        var parent = Text(head.Slice(SfdHeader.FixedBytes, parentBytes), faults);
        var id = Text(head.Slice(SfdHeader.FixedBytes + parentBytes, idBytes), faults);
        CheckParent(kind, parent, faults);
        CheckFree(id, faults);
        return (new SfdHeader(size, kind, parent, id), end);
    }

    private static void CheckParent(SfdParentKind kind, string parent, ImageFaults faults)
    {
        if (kind == SfdParentKind.Version
            && !(int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var v)
                && v > 0 && parent[0] != '0'))
            throw faults.Header("a version's number", $"'{parent}'", SfdHeader.FixedBytes);
        if (kind == SfdParentKind.Fingerprint
            && !(parent.Length == 2 * HashBytes && parent.All(char.IsAsciiHexDigit)))
            throw faults.Header(
                $"a fingerprint of {2 * HashBytes} hexadecimal digits", $"'{parent}'",
                SfdHeader.FixedBytes);
        if (kind == SfdParentKind.Identifier)
            CheckFree(parent, faults);
    }

    /// <summary>An identifier must not read like the other ways to name a parent.</summary>
    private static void CheckFree(string id, ImageFaults faults)
    {
        if (id.StartsWith(ImageIdentity.VersionWord, StringComparison.OrdinalIgnoreCase)
            || id.StartsWith(ImageIdentity.FingerprintWord, StringComparison.OrdinalIgnoreCase))
            throw faults.Header(
                "an identifier that begins with neither 'version' nor 'fingerprint'", $"'{id}'",
                SfdHeader.FixedBytes);
    }

    private static string Text(ReadOnlySpan<byte> bytes, ImageFaults faults)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Any(c => char.IsControl(c) || c == '\uFFFD')
            ? throw faults.Header(
                "UTF-8 without control characters", "other bytes", SfdHeader.FixedBytes)
            : text;
    }

    private static ByteRange Table(
        ReadOnlySpan<byte> trailer, long headerBytes, long fileBytes, ImageFaults faults)
    {
        var at = fileBytes - TrailerBytes;
        if (!trailer[24..].StartsWith(SfdHeader.EndMark))
            throw faults.Header("the mark of a whole file's trailer", "another", at + 24);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        var count = BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]);
        if (BinaryPrimitives.ReadInt64LittleEndian(trailer[16..]) != 0)
            throw faults.Header("reserved bytes of 0", "others", at + 16);
        if (offset < headerBytes || offset % SfdEntry.LengthBytes != 0 || offset > at)
            throw faults.Header(
                $"a table at a multiple of {SfdEntry.LengthBytes} from {headerBytes} to {at}",
                $"{offset}", at);
        return count >= 0 && count == (at - offset) / SfdEntry.LengthBytes
            && (at - offset) % SfdEntry.LengthBytes == 0
                ? new ByteRange(offset, at)
                : throw faults.Header(
                    $"a table of {at - offset} bytes up to the trailer", $"{count} entries", at + 8);
    }
}
