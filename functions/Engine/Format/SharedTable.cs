using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// The table of a base's shared frames. A segment's directory names one block of each frame; this
/// names every block of a frame that several blocks name, so that it is known without the index
/// pages when the last one leaves it, and whose content it is.
/// </summary>
public static class SharedTable
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;

    /// <summary>The stored form; the blocks ascend.</summary>
    public static byte[] Encode(IReadOnlyCollection<SharedBlock> blocks)
    {
        var writer = new ByteWriter(HeaderBytes + (blocks.Count * EntryBytes));
        writer.Bytes("SFt1"u8);
        writer.I32(blocks.Count);
        foreach (var (block, segment, offset) in blocks)
        {
            writer.I32(block);
            writer.I32(segment);
            writer.I32(offset);
        }
        return writer.Written.ToArray();
    }

    /// <summary>Reads the stored form, whose SHA-256 the caller has checked.</summary>
    /// <exception cref="CorruptObjectException">It is no such table.</exception>
    public static IReadOnlyList<SharedBlock> Decode(
        ReadOnlySpan<byte> stored, Layout layout, string objectName)
    {
        var reader = new ByteReader(stored, objectName);
        if (!IsLength(stored.Length, layout) || !reader.Bytes(4).SequenceEqual("SFt1"u8))
            throw new CorruptObjectException(
                objectName, "a table of shared frames", $"{stored.Length} other bytes");
        var blocks = new SharedBlock[reader.Count(EntryBytes)];
        var last = -1;
        for (var i = 0; i < blocks.Length; i++)
        {
            var found = new SharedBlock(reader.I32(), reader.I32(), reader.I32());
            if (found.Block <= last || found.Block >= layout.BlocksPerShard || found.Segment < 0
                || found.Offset < 0 || found.Offset >= layout.SegmentBytes)
                throw new CorruptObjectException(
                    objectName, $"a block of the shard after {last}", $"{found}");
            last = found.Block;
            blocks[i] = found;
        }
        reader.End();
        return blocks;
    }

    /// <summary>Whether a table of this layout can be so long; an empty one is not stored.</summary>
    internal static bool IsLength(int lengthBytes, Layout layout) =>
        lengthBytes >= HeaderBytes + EntryBytes
        && lengthBytes <= HeaderBytes + ((long)layout.BlocksPerShard * EntryBytes)
        && (lengthBytes - HeaderBytes) % EntryBytes == 0;
}
