using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>The structures whose bytes tests/data/golden pins.</summary>
internal static class Golden
{
    public static ObjectHeader Header { get; } =
        new(new ShardKey("web-01", "system", 3), Samples.Small, 42);

    public static VersionCard Card { get; } = new(
        new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero), "before the upgrade", "nightly-6", 5);

    public static BaseFooter Footer { get; } = new(
        Header, 6, 5, 600_000, Card,
        [
            new SegmentRecord(0, 4096 + 20, 4096, Hash("segment 0")),
            new SegmentRecord(7, 300 + 32, 100, Hash("segment 7")),
        ],
        [
            new PageRecord(0, 8 + 48, Hash("page 0"), Hash("node 0")),
            new PageRecord(2, 8 + 96, Hash("page 2"), Hash("node 2")),
        ],
        Hash("shard"));

    /// <summary>The same of a base that has a table of shared frames.</summary>
    public static BaseFooter SharedFooter { get; } =
        Footer with { Shared = new SharedRecord(8 + 36, Hash("shared frames")) };

    public static IReadOnlyList<SharedBlock> Shared { get; } =
        [new(3, 7, 200), new(9, 0, 0), new(20, 7, 200)];

    public static IndexPage Page { get; } = MakePage();

    public static DeltaEntry Entry { get; } =
        new(1, 0b0000_1111, 0b0000_0001, 0, 1, Hash("block 1"));

    public static DeltaIndex Delta { get; } = MakeDelta();

    public static MergedSource Source { get; } = new(
        1, 0b0000_0111, 0b0000_0001, 0b0000_1110, 1, new DeltaFrame(512, 700, 4, FrameCodec.Zstd));

    public static MergedIndex Merged { get; } = MakeMerged();

    public static byte[] Segment()
    {
        var builder = new SegmentBuilder(Samples.Small);
        builder.Add(9, "first frame"u8);
        builder.Add(4, "second"u8);
        var (buffer, length) = builder.Take();
        return buffer.Span[..length].ToArray();
    }

    public static DeltaIndex MakeDelta(
        int from = 5, long toDiskBytes = 600_000, long dataBytes = 1200, DeltaFrame[]? frames = null,
        BlockRun[]? runs = null, DeltaEntry[]? entries = null, PageNode[]? pages = null,
        int pack = 3, long packOffset = 700) => new()
        {
            Header = Header,
            From = from,
            To = 6,
            FromDiskBytes = 500_000,
            ToDiskBytes = toDiskBytes,
            Card = Card,
            Input = Hash("input"),
            FromNode = Hash("from"),
            ToNode = Hash("to"),
            DataBytes = dataBytes,
            DataHash = Hash("data"),
            Pack = pack,
            PackOffset = packOffset,
            Frames = frames
                ?? [new(0, 688, 4, FrameCodec.Zstd), new(688, 512, 1, FrameCodec.Stored)],
            ZeroRuns = runs ?? [new BlockRun(4, 3), new BlockRun(30, 2)],
            Entries = entries ??
            [
                Entry,
                new DeltaEntry(8, 0x80, 0, 1, 0, Hash("block 8")),
                new DeltaEntry(9, 0x03, 0x03, -1, 0, Hash("block 9")),
            ],
            Pages = pages ??
            [
                new PageNode(0, Hash("node 0")),
                new PageNode(1, Hash256.Zero),
                new PageNode(2, Hash("node 2")),
                new PageNode(7, Hash("node 7")),
            ],
        };

    public static MergedIndex MakeMerged(
        int level = 1, int group = 2, DeltaPlace[]? deltas = null, MergedBlock[]? blocks = null,
        MergedSource[]? sources = null) => new()
        {
            Header = Header,
            Level = level,
            Group = group,
            Deltas = deltas ?? [new(new(33, 32, 40)), new(new(35, 33, 41), 2, 900)],
            Blocks = blocks ?? [new(1, 0, 1, Hash("block 1")), new(2, 1, 0, Hash256.Zero)],
            Sources = sources ?? [Source],
        };

    public static PackHeader Pack { get; } = MakePack();

    public static PackHeader MakePack(
        string machine = "web-01", long operation = 42, int number = 3,
        Func<PackMember, PackMember>? change = null)
    {
        var header = PackHeader.Of(
            machine, operation, number,
            [new("data", 0, 6, 5, 0, 1200, 700), new("system", 3, 7, 5, 0, 0, 300)]);
        return change is null
            ? header
            : header with { Members = [header.Members[0], change(header.Members[1])] };
    }

    private static IndexPage MakePage()
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[0] = new IndexEntry(Hash("block 0"), 0, 0, 4096, FrameCodec.Stored);
        page.Entries[3] = new IndexEntry(Hash("block 3"), 7, 200, 100, FrameCodec.Zstd);
        return page;
    }

    private static Hash256 Hash(string text) => Hash256.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
