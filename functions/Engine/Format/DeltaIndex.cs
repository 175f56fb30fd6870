using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// The index of a delta, decoded: which sectors of which blocks it changes, where they lie, and
/// what each block hashes to afterwards. Immutable; it alone makes the delta exist.
/// </summary>
public sealed class DeltaIndex
{
    /// <summary>Bytes that tell a sealed index's length: the last ones of a delta's data.</summary>
    public const int TailBytes = ByteReader.SealBytes;

    /// <summary>
    /// More than any index comes to: a shard has at most 2^20 blocks, each one entry and frame.
    /// </summary>
    public const int MostBytes = 64 << 20;

    private const int FrameBytes = 8;
    private const int RunBytes = 8;
    private const int EntryBytes = 48;
    private const int PageBytes = 36;

    /// <summary>Who it is and which operation wrote it.</summary>
    public required ObjectHeader Header { get; init; }

    /// <summary>The version it is laid over.</summary>
    public required int From { get; init; }

    /// <summary>The version it leads to.</summary>
    public required int To { get; init; }

    /// <summary>The disk's size at <see cref="From"/>.</summary>
    public required long FromDiskBytes { get; init; }

    /// <summary>The disk's size at <see cref="To"/>.</summary>
    public required long ToDiskBytes { get; init; }

    /// <summary>What is known of the version it leads to.</summary>
    public required VersionCard Card { get; init; }

    /// <summary>SHA-256 of the step's input that made it; tells a repeat from a stranger.</summary>
    public required Hash256 Input { get; init; }

    /// <summary>The shard's node at <see cref="From"/>.</summary>
    public required Hash256 FromNode { get; init; }

    /// <summary>The shard's node at <see cref="To"/>.</summary>
    public required Hash256 ToNode { get; init; }

    /// <summary>Bytes of frames in the data, without the copy of the index behind them.</summary>
    public required long DataBytes { get; init; }

    /// <summary>SHA-256 of those bytes.</summary>
    public required Hash256 DataHash { get; init; }

    /// <summary>
    /// The number of the pack of this index's operation that holds the frames; 0: they lie at the
    /// beginning of the delta's own data.
    /// </summary>
    public int Pack { get; init; }

    /// <summary>Where the frames begin in the pack; 0 without one.</summary>
    public long PackOffset { get; init; }

    /// <summary>The frames, in the order of the data.</summary>
    public required IReadOnlyList<DeltaFrame> Frames { get; init; }

    /// <summary>Blocks that are all zero afterwards, ascending, not touching each other.</summary>
    public required IReadOnlyList<BlockRun> ZeroRuns { get; init; }

    /// <summary>The other changed blocks, ascending.</summary>
    public required DeltaEntry[] Entries { get; init; }

    /// <summary>The nodes at <see cref="To"/> of every page it touches, ascending.</summary>
    public required IReadOnlyList<PageNode> Pages { get; init; }

    /// <summary>The delta's key.</summary>
    public DeltaKey Key => new(From, To, Header.Operation);

    /// <summary>Where its frames lie.</summary>
    public DeltaPlace Place => new(Key, Pack, PackOffset);

    private static ReadOnlySpan<byte> Magic => "SFdelta1"u8;

    private static ReadOnlySpan<byte> EndMark => "SFdend1\n"u8;

    /// <summary>Whether a block is made all zero by this delta.</summary>
    public bool Zeroes(int block)
    {
        int low = 0, high = ZeroRuns.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var run = ZeroRuns[middle];
            if (block < run.First) high = middle - 1;
            else if (block >= run.End) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>The place of a block in <see cref="Entries"/>, or a negative number.</summary>
    public int Find(int block)
    {
        int low = 0, high = Entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = Entries[middle].Block;
            if (found == block) return middle;
            if (found < block) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    /// <summary>How long the whole index is, from the last bytes of it or of the data.</summary>
    public static int LengthFrom(ReadOnlySpan<byte> tail, string objectName) =>
        ByteReader.SealedLength(tail, EndMark, MostBytes, objectName);

    /// <summary>The stored form.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter(
            1024 + (Frames.Count * FrameBytes) + (Entries.Length * EntryBytes)
            + (Pages.Count * PageBytes) + (ZeroRuns.Count * RunBytes));
        Header.Write(writer, Magic, ObjectHeader.DeltaFormatVersion);
        writer.I32(From);
        writer.I32(To);
        writer.I64(FromDiskBytes);
        writer.I64(ToDiskBytes);
        writer.LongText(Card.ToJson());
        writer.Hash(Input);
        writer.Hash(FromNode);
        writer.Hash(ToNode);
        writer.I64(DataBytes);
        writer.Hash(DataHash);
        writer.I32(Pack);
        writer.I64(PackOffset);
        writer.I32(Frames.Count);
        foreach (var frame in Frames)
        {
            writer.I32(frame.StoredBytes);
            writer.U16(frame.Sectors);
            writer.U8((byte)frame.Codec);
            writer.U8(0);
        }
        writer.I32(ZeroRuns.Count);
        foreach (var run in ZeroRuns)
        {
            writer.I32(run.First);
            writer.I32(run.Count);
        }
        WriteEntries(writer);
        writer.I32(Pages.Count);
        foreach (var page in Pages)
        {
            writer.I32(page.Page);
            writer.Hash(page.Node);
        }
        return writer.Seal(EndMark);
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static DeltaIndex Decode(ReadOnlySpan<byte> stored, string objectName)
    {
        var reader = ByteReader.Unseal(stored, EndMark, objectName);
        var header = ObjectHeader.Read(
            ref reader, Magic, objectName, ObjectHeader.DeltaFormatVersion);
        var index = new DeltaIndex
        {
            Header = header,
            From = reader.I32(),
            To = reader.I32(),
            FromDiskBytes = reader.I64(),
            ToDiskBytes = reader.I64(),
            Card = VersionCard.Parse(reader.LongText(VersionCard.MostBytes), objectName),
            Input = reader.Hash(),
            FromNode = reader.Hash(),
            ToNode = reader.Hash(),
            DataBytes = reader.I64(),
            DataHash = reader.Hash(),
            Pack = reader.I32(),
            PackOffset = reader.I64(),
            Frames = ReadFrames(ref reader, header.Layout),
            ZeroRuns = ReadRuns(ref reader),
            Entries = ReadEntries(ref reader),
            Pages = ReadPages(ref reader),
        };
        reader.End();
        DeltaIndexCheck.Run(index, objectName);
        return index;
    }

    private void WriteEntries(ByteWriter writer)
    {
        writer.I32(Entries.Length);
        foreach (var entry in Entries)
        {
            writer.I32(entry.Block);
            writer.U16(entry.Changed);
            writer.U16(entry.Zero);
            writer.I32(entry.Frame);
            writer.U16(entry.Position);
            writer.U16(0);
            writer.Hash(entry.Hash);
        }
    }

    private static DeltaFrame[] ReadFrames(ref ByteReader reader, Layout layout)
    {
        var frames = new DeltaFrame[reader.Count(FrameBytes)];
        var offset = 0L;
        for (var i = 0; i < frames.Length; i++)
        {
            var stored = reader.Within(reader.I32(), layout.BlockBytes);
            var sectors = reader.Within(reader.U16(), layout.SectorsPerBlock);
            frames[i] = new DeltaFrame(offset, stored, (ushort)sectors, (FrameCodec)reader.U8());
            reader.Reserved(1);
            offset += stored;
        }
        return frames;
    }

    private static BlockRun[] ReadRuns(ref ByteReader reader)
    {
        var runs = new BlockRun[reader.Count(RunBytes)];
        for (var i = 0; i < runs.Length; i++) runs[i] = new BlockRun(reader.I32(), reader.I32());
        return runs;
    }

    private static DeltaEntry[] ReadEntries(ref ByteReader reader)
    {
        var entries = new DeltaEntry[reader.Count(EntryBytes)];
        for (var i = 0; i < entries.Length; i++)
        {
            var block = reader.I32();
            var changed = (ushort)reader.U16();
            var zero = (ushort)reader.U16();
            var frame = reader.I32();
            var position = (ushort)reader.U16();
            reader.Reserved(2);
            entries[i] = new DeltaEntry(block, changed, zero, frame, position, reader.Hash());
        }
        return entries;
    }

    private static PageNode[] ReadPages(ref ByteReader reader)
    {
        var pages = new PageNode[reader.Count(PageBytes)];
        for (var i = 0; i < pages.Length; i++) pages[i] = new PageNode(reader.I32(), reader.Hash());
        return pages;
    }
}
