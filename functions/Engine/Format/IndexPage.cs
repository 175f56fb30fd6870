using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// The index of neighbouring blocks of a base, decoded. Stored, it holds only the blocks that are
/// not zero, in ascending order; a page of zeros is not stored.
/// </summary>
public sealed class IndexPage
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 48;

    /// <summary>A page with all blocks zero.</summary>
    public IndexPage(int number, Layout layout)
    {
        Number = number;
        Entries = new IndexEntry[layout.BlocksPerPage];
    }

    /// <summary>Which page of the shard it is.</summary>
    public int Number { get; }

    /// <summary>One entry a block.</summary>
    public IndexEntry[] Entries { get; }

    /// <summary>The page's node in the fingerprint tree.</summary>
    public Hash256 Node()
    {
        var hashes = new Hash256[Entries.Length];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = Entries[i].Hash;
        return Fingerprints.Page(hashes);
    }

    /// <summary>The stored form; empty when every block is zero.</summary>
    public byte[] Encode()
    {
        var count = Entries.Count(e => !e.IsZero);
        if (count == 0) return [];
        var writer = new ByteWriter(HeaderBytes + (count * EntryBytes));
        writer.Bytes("SFp1"u8);
        writer.U16(Number);
        writer.U16(count);
        for (var i = 0; i < Entries.Length; i++)
        {
            ref readonly var entry = ref Entries[i];
            if (entry.IsZero) continue;
            writer.U16(i);
            writer.U8((byte)entry.Codec);
            writer.U8(0);
            writer.I32(entry.StoredBytes);
            writer.I32(entry.Segment);
            writer.I32(entry.Offset);
            writer.Hash(entry.Hash);
        }
        return writer.Written.ToArray();
    }

    /// <summary>Reads the stored form, whose SHA-256 the caller has checked.</summary>
    /// <exception cref="CorruptObjectException">It is no such page.</exception>
    public static IndexPage Decode(
        ReadOnlySpan<byte> stored, int number, Layout layout, string objectName)
    {
        var page = new IndexPage(number, layout);
        var reader = new ByteReader(stored, objectName);
        if (!reader.Bytes(4).SequenceEqual("SFp1"u8) || reader.U16() != number)
            throw new CorruptObjectException(objectName, $"index page {number}", "other bytes");
        if (!IsLength(stored.Length, layout) || number >= layout.PagesPerShard)
            throw new CorruptObjectException(
                objectName, "a page of the shard", $"page {number} of {stored.Length} bytes");
        var count = reader.Within(reader.U16(), layout.BlocksPerPage);
        var last = -1;
        for (var n = 0; n < count; n++)
        {
            var block = reader.Within(reader.U16(), layout.BlocksPerPage - 1);
            var codec = (FrameCodec)reader.U8();
            reader.Reserved(1);
            var length = reader.Within(reader.I32(), layout.BlockBytes);
            var segment = reader.I32();
            var offset = reader.Within(reader.I32(), layout.SegmentBytes);
            var hash = reader.Hash();
            var fits = block > last && segment >= 0 && offset + length <= layout.SegmentBytes
                && !hash.IsZero && (codec == FrameCodec.Origin
                    ? (length, segment, offset) is (0, 0, 0)
                    : Frames.Fits(codec, length, layout.BlockBytes));
            if (!fits)
                throw new CorruptObjectException(
                    objectName, "ascending blocks with frames",
                    $"block {block} after {last}, codec {(int)codec}, {length} bytes at {offset}");
            last = block;
            page.Entries[block] = new IndexEntry(hash, segment, offset, length, codec);
        }
        reader.End();
        return page;
    }

    /// <summary>Whether a page of this layout can be so long; a page of zeros is not stored.</summary>
    internal static bool IsLength(int lengthBytes, Layout layout) =>
        lengthBytes >= HeaderBytes + EntryBytes
        && lengthBytes <= HeaderBytes + ((long)layout.BlocksPerPage * EntryBytes)
        && (lengthBytes - HeaderBytes) % EntryBytes == 0;
}
