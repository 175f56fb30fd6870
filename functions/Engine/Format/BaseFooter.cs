using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// The end of a shard's base image: which version it stands at and the map of all before it. It
/// alone says where the base stands.
/// </summary>
/// <param name="Header">Who it is and which operation committed it.</param>
/// <param name="Version">The version it stands at; 0 for a base that holds nothing yet.</param>
/// <param name="Previous">The version it stood at before this operation.</param>
/// <param name="DiskBytes">The disk's size at that version.</param>
/// <param name="Card">What is known of that version.</param>
/// <param name="Segments">The segments, in the order of the blob.</param>
/// <param name="Pages">The pages that are not all zero, ascending, after the segments.</param>
/// <param name="Node">The shard's node in the fingerprint tree.</param>
/// <param name="Shared">The table of shared frames, after the pages; null without one.</param>
public sealed record BaseFooter(
    ObjectHeader Header,
    int Version,
    int Previous,
    long DiskBytes,
    VersionCard Card,
    IReadOnlyList<SegmentRecord> Segments,
    IReadOnlyList<PageRecord> Pages,
    Hash256 Node,
    SharedRecord? Shared = null)
{
    /// <summary>Bytes that tell a sealed footer's length: read these first, from the end.</summary>
    public const int TailBytes = ByteReader.SealBytes;

    /// <summary>
    /// More than any footer comes to: 65,535 pages and the 50,000 blob blocks a blob may have.
    /// </summary>
    public const int MostBytes = 16 << 20;

    private static ReadOnlySpan<byte> Magic => "SFbase1\n"u8;

    private static ReadOnlySpan<byte> EndMark => "SFfoot1\n"u8;

    /// <summary>The number that the next new segment takes.</summary>
    public int NextSegment => Segments.Count == 0 ? 0 : Segments.Max(s => s.Number) + 1;

    /// <summary>The stored form.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter(512 + (Segments.Count * 44) + (Pages.Count * 72));
        Header.Write(
            writer, Magic, Shared is null
                ? ObjectHeader.FormatVersion
                : ObjectHeader.SharedFormatVersion);
        writer.I32(Version);
        writer.I32(Previous);
        writer.I64(DiskBytes);
        writer.LongText(Card.ToJson());
        writer.Hash(Node);
        writer.I32(Segments.Count);
        foreach (var segment in Segments)
        {
            writer.I32(segment.Number);
            writer.I32(segment.LengthBytes);
            writer.I32(segment.LiveBytes);
            writer.Hash(segment.Hash);
        }
        writer.I32(Pages.Count);
        foreach (var page in Pages)
        {
            writer.I32(page.Number);
            writer.I32(page.LengthBytes);
            writer.Hash(page.Hash);
            writer.Hash(page.Node);
        }
        if (Shared is { } shared)
        {
            writer.I32(shared.LengthBytes);
            writer.Hash(shared.Hash);
        }
        return writer.Seal(EndMark);
    }

    /// <summary>How long the whole footer is, from the last <see cref="TailBytes"/> of a base.</summary>
    /// <exception cref="CorruptObjectException">The base does not end in a footer.</exception>
    public static int LengthFrom(ReadOnlySpan<byte> tail, string objectName) =>
        ByteReader.SealedLength(tail, EndMark, MostBytes, objectName);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static BaseFooter Decode(ReadOnlySpan<byte> stored, string objectName)
    {
        var reader = ByteReader.Unseal(stored, EndMark, objectName);
        var header = ObjectHeader.Read(
            ref reader, Magic, objectName, ObjectHeader.FormatVersion,
            ObjectHeader.SharedFormatVersion, out var format);
        var version = reader.I32();
        var previous = reader.I32();
        var diskBytes = reader.I64();
        var card = VersionCard.Parse(reader.LongText(VersionCard.MostBytes), objectName);
        var node = reader.Hash();
        var segments = new SegmentRecord[reader.Count(44)];
        for (var i = 0; i < segments.Length; i++)
            segments[i] = new SegmentRecord(reader.I32(), reader.I32(), reader.I32(), reader.Hash());
        var pages = new PageRecord[reader.Count(72)];
        for (var i = 0; i < pages.Length; i++)
            pages[i] = new PageRecord(reader.I32(), reader.I32(), reader.Hash(), reader.Hash());
        SharedRecord? shared = format == ObjectHeader.SharedFormatVersion
            ? new SharedRecord(reader.I32(), reader.Hash())
            : null;
        reader.End();
        var footer = new BaseFooter(
            header, version, previous, diskBytes, card, segments, pages, node, shared);
        footer.Check(objectName);
        return footer;
    }

    /// <summary>A seal proves the bytes; this proves that no reader can be led astray by them.</summary>
    private void Check(string objectName)
    {
        var layout = Header.Layout;
        if (!ObjectHeader.IsVersion(Version) || !ObjectHeader.IsVersion(Previous)
            || !Header.IsDiskSize(DiskBytes))
            throw new CorruptObjectException(
                objectName, "versions and a disk size",
                $"version {Version} after {Previous} of {DiskBytes} bytes");
        var numbers = new HashSet<int>(Segments.Count);
        foreach (var segment in Segments)
        {
            // The highest number is left free, so that the next segment always has one.
            var fits = segment.Number is >= 0 and < int.MaxValue
                && segment.LengthBytes >= SegmentBuilder.LeastBytes
                && segment.LengthBytes <= SegmentBuilder.MostBytes(layout)
                && segment.LiveBytes >= 0
                && segment.LiveBytes <= segment.LengthBytes - SegmentBuilder.LeastBytes
                && numbers.Add(segment.Number);
            if (!fits)
                throw new CorruptObjectException(
                    objectName, "segments of different numbers", $"{segment}");
        }
        var last = -1;
        foreach (var page in Pages)
        {
            if (page.Number <= last || page.Number >= layout.PagesPerShard
                || !IndexPage.IsLength(page.LengthBytes, layout) || page.Node.IsZero)
                throw new CorruptObjectException(objectName, "ascending pages", $"{page}");
            last = page.Number;
        }
        if (Shared is { } shared && !SharedTable.IsLength(shared.LengthBytes, layout))
            throw new CorruptObjectException(
                objectName, "a table of the shard's blocks", $"{shared}");
    }
}
