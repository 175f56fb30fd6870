using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>Where the block allocation table and the metadata lie.</summary>
/// <param name="Bat">The block allocation table.</param>
/// <param name="Metadata">The metadata.</param>
internal readonly record struct VhdxRegions(ByteRange Bat, ByteRange Metadata)
{
    /// <summary>The region table's size.</summary>
    public const int LengthBytes = 64 << 10;

    /// <summary>Where the first region table lies.</summary>
    public const int FirstOffset = 192 << 10;

    /// <summary>Where its copy lies.</summary>
    public const int SecondOffset = 256 << 10;

    private const int MostEntries = 2047;
    private const int EntriesAt = 16;
    private const int EntryBytes = 32;

    /// <summary>Reads a region table; null when its mark or checksum is wrong.</summary>
    /// <param name="table">The table's bytes.</param>
    /// <param name="at">Where in the file it lies.</param>
    /// <param name="fileBytes">The file's length.</param>
    /// <param name="faults">Words the refusals.</param>
    /// <exception cref="InvalidImageException">It is whole, but wrong or refused.</exception>
    public static VhdxRegions? Parse(
        ReadOnlySpan<byte> table, long at, long fileBytes, ImageFaults faults)
    {
        if (!table.StartsWith("regi"u8) || !Crc32C.IsRight(table))
            return null;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(table[8..]);
        if (count > MostEntries)
            throw faults.Header($"at most {MostEntries} regions", $"{count}", at + 8);
        var (bat, metadata) = (default(ByteRange?), default(ByteRange?));
        var ranges = new List<ByteRange>();
        for (var i = 0; i < count; i++)
        {
            var entryAt = EntriesAt + (i * EntryBytes);
            var entry = table.Slice(entryAt, EntryBytes);
            var id = new Guid(entry[..16]);
            var isKnown = id == VhdxIds.Bat || id == VhdxIds.Metadata;
            if (!isKnown && (BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]) & 1) != 0)
                throw faults.Unsupported(
                    "a VHDX of known required regions", $"the required region {id:D}",
                    "Convert it with the program that made it.");
            if (!isKnown)
                continue;
            var range = RangeOf(entry, at + entryAt, fileBytes, faults);
            ranges.Add(range);
            ref var known = ref bat;
            if (id == VhdxIds.Metadata)
                known = ref metadata;
            if (known is not null)
                throw faults.Header("each region once", $"{id:D} twice", at + entryAt);
            known = range;
        }

        if (bat is not { } b || metadata is not { } m)
            throw faults.Header(
                "a region of the block allocation table and one of metadata",
                bat is null ? "no block allocation table" : "no metadata", at);
        if (b.Offset < m.End && m.Offset < b.End)
            throw faults.Header("regions side by side", $"{b} over {m}", at);
        return new VhdxRegions(b, m);
    }

    private static ByteRange RangeOf(
        ReadOnlySpan<byte> entry, long at, long fileBytes, ImageFaults faults)
    {
        var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        if (offset < VhdxHeader.AlignmentBytes || offset % VhdxHeader.AlignmentBytes != 0
            || length == 0 || length % VhdxHeader.AlignmentBytes != 0)
            throw faults.Header(
                "a region of whole MiB behind the headers",
                $"{length} bytes at {(ulong)offset}", at);
        return offset <= fileBytes - length
            ? new ByteRange(offset, offset + length)
            : throw faults.Truncated("a region", offset, length, fileBytes);
    }
}
