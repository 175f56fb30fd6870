using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Each rule of docs/format.md that a seal cannot keep, broken by one change.</summary>
public sealed class RefusalTests
{
    private static readonly Hash256 Some = Hash256.Of("some"u8);

    public static TheoryData<string> Footers => [.. BadFooters.Keys];

    public static TheoryData<string> Deltas => [.. BadDeltas.Keys];

    public static TheoryData<string> MergedIndexes => [.. BadMerged.Keys];

    public static TheoryData<string> Packs => [.. BadPacks.Keys];

    public static TheoryData<string> PageEntries => [.. BadEntries.Keys];

    private static Dictionary<string, BaseFooter> BadFooters { get; } = new(StringComparer.Ordinal)
    {
        ["version below 0"] = Golden.Footer with { Version = -1 },
        ["version of nine digits"] = Golden.Footer with { Previous = 100_000_000 },
        ["disk below 0"] = Golden.Footer with { DiskBytes = -1 },
        ["disk past all shards"] = Golden.Footer with { DiskBytes = long.MaxValue },
        ["segment twice"] = Segments(new(1, 100, 10, Some), new(1, 100, 10, Some)),
        ["an empty table of shared frames"] = Shared(8),
        ["a table of part of an entry"] = Shared(8 + 13),
        ["a table below nothing"] = Shared(-4),
        ["a table of more blocks than the shard has"] = Shared(8 + (12 * 33)),
        ["segment below 0"] = Segments(new SegmentRecord(-1, 100, 10, Some)),
        ["segment without a next"] = Segments(new SegmentRecord(int.MaxValue, 100, 10, Some)),
        ["segment too short"] = Segments(new SegmentRecord(1, 7, 0, Some)),
        ["segment too long"] = Segments(new SegmentRecord(1, 8192 + 21, 10, Some)),
        ["more live than there is"] = Segments(new SegmentRecord(1, 100, 93, Some)),
        ["less than nothing live"] = Segments(new SegmentRecord(1, 100, -1, Some)),
        ["page past the shard"] = Pages(new PageRecord(8, 56, Some, Some)),
        ["page below 0"] = Pages(new PageRecord(-1, 56, Some, Some)),
        ["page twice"] = Pages(new(1, 56, Some, Some), new(1, 56, Some, Some)),
        ["page of no entries"] = Pages(new PageRecord(1, 8, Some, Some)),
        ["page of half an entry"] = Pages(new PageRecord(1, 57, Some, Some)),
        ["page of too many entries"] = Pages(new PageRecord(1, 8 + (5 * 48), Some, Some)),
        ["page of zeros"] = Pages(new PageRecord(1, 56, Some, Hash256.Zero)),
        ["machine that is a path"] = Of(Golden.Header with { Shard = new ShardKey("../x", "disk", 0) }),
        ["disk without a name"] = Of(Golden.Header with { Shard = new ShardKey("vm", "", 0) }),
        ["shard below 0"] = Of(Golden.Header with { Shard = new ShardKey("vm", "disk", -1) }),
        ["shard of seven digits"] = Of(Golden.Header with { Shard = new("vm", "disk", 1_000_000) }),
        ["operation below 0"] = Of(Golden.Header with { Operation = -1 }),
        ["operation of 13 digits"] = Of(Golden.Header with { Operation = 1_000_000_000_000 }),
        ["layout of no sectors"] = Of(Golden.Header with { Layout = Samples.Small with { SectorBytes = 0 } }),
        ["layout of endless shards"] = Of(Golden.Header with { Layout = Samples.Small with { ShardBytes = long.MaxValue } }),
    };

    private static Dictionary<string, DeltaIndex> BadDeltas { get; } = new(StringComparer.Ordinal)
    {
        ["from its own end"] = Golden.MakeDelta(from: 6),
        ["from below 0"] = Golden.MakeDelta(from: -1),
        ["disk below 0"] = Golden.MakeDelta(toDiskBytes: -1),
        ["frames longer than the data"] = Golden.MakeDelta(dataBytes: 1023),
        ["frame of codec 0"] = Frame(0, 1, FrameCodec.Zero),
        ["frame of codec 3"] = Frame(512, 1, (FrameCodec)3),
        ["frame of no sectors"] = Frame(0, 0, FrameCodec.Stored),
        ["frame larger than a block"] = Frame(9 * 512, 9, FrameCodec.Stored),
        ["stored frame that is short"] = Frame(511, 1, FrameCodec.Stored),
        ["zstd frame that gains nothing"] = Frame(512, 1, FrameCodec.Zstd),
        ["zstd frame of no bytes"] = Frame(0, 1, FrameCodec.Zstd),
        ["run of nothing"] = Golden.MakeDelta(runs: [new BlockRun(4, 0)]),
        ["run below 0"] = Golden.MakeDelta(runs: [new BlockRun(-1, 1)]),
        ["run past the shard"] = Golden.MakeDelta(runs: [new BlockRun(31, 2)]),
        ["run whose end overflows"] = Golden.MakeDelta(runs: [new BlockRun(int.MaxValue, 1)]),
        ["run that touches the one before"] = Golden.MakeDelta(runs: [new(4, 2), new(6, 1)]),
        ["runs that descend"] = Golden.MakeDelta(runs: [new(6, 1), new(4, 1)]),
        ["entry inside a run"] = Golden.MakeDelta(runs: [new BlockRun(0, 3)]),
        ["entry past the shard"] = Entry(e => e with { Block = 32 }),
        ["entry below 0"] = Entry(e => e with { Block = -1 }),
        ["entry of nothing"] = Entry(e => e with { Changed = 0, Zero = 0, Frame = -1 }),
        ["entry of a ninth sector"] = Entry(e => e with { Changed = 0x102, Zero = 0x102, Frame = -1 }),
        ["zeros that did not change"] = Entry(e => e with { Zero = 0x80 }),
        ["entry that hashes to zero"] = Entry(e => e with { Hash = Hash256.Zero }),
        ["entry without its frame"] = Entry(e => e with { Frame = -1 }),
        ["entry past the last frame"] = Entry(e => e with { Frame = 2 }),
        ["entry past its frame's end"] = Entry(e => e with { Position = 2 }),
        ["frame for what is all zero"] = Entry(e => e with { Zero = e.Changed }),
        ["entry twice"] = Golden.MakeDelta(entries: [Golden.Entry, Golden.Entry]),
        ["pack below 0"] = Golden.MakeDelta(pack: -1),
        ["pack of five digits"] = Golden.MakeDelta(pack: 10_000),
        ["offset in no pack"] = Golden.MakeDelta(pack: 0),
        ["pack without an offset"] = Golden.MakeDelta(packOffset: 0),
        ["offset below 0"] = Golden.MakeDelta(packOffset: -1),
        ["place whose end overflows"] = Golden.MakeDelta(packOffset: long.MaxValue - 1199),
        ["page past the shard"] = Golden.MakeDelta(pages: [new PageNode(8, Some)]),
        ["pages that descend"] = Golden.MakeDelta(pages: [new(2, Some), new(1, Some)]),
    };

    private static Dictionary<string, MergedIndex> BadMerged { get; } = new(StringComparer.Ordinal)
    {
        ["level 0"] = Golden.MakeMerged(level: 0),
        ["level 8"] = Golden.MakeMerged(level: 8, group: 0),
        ["group below 0"] = Golden.MakeMerged(group: -1),
        ["group past all versions"] = Golden.MakeMerged(group: int.MaxValue),
        ["forward delta"] = Golden.MakeMerged(deltas: [new(new(32, 33, 1))]),
        ["delta below the group"] = Golden.MakeMerged(deltas: [new(new(32, 31, 1))]),
        ["deltas that descend"] = Golden.MakeMerged(deltas: [new(new(34, 33, 1)), new(new(33, 32, 1))]),
        ["operation below 0"] = Golden.MakeMerged(deltas: [new(new(33, 32, -1))]),
        ["pack below 0"] = Placed(-1, 5),
        ["pack of five digits"] = Placed(10_000, 5),
        ["offset in no pack"] = Placed(0, 5),
        ["pack without an offset"] = Placed(1, 0),
        ["offset below 0"] = Placed(1, -1),
        ["place whose end overflows"] = Placed(1, long.MaxValue - 512),
        ["no deltas"] = Golden.MakeMerged(deltas: []),
        ["block past the shard"] = Block(new MergedBlock(32, 0, 1, Some)),
        ["block below 0"] = Block(new MergedBlock(-1, 0, 1, Some)),
        ["block of more sources than there are"] = Block(new MergedBlock(1, 0, 2, Some)),
        ["source of no block"] = Block(new MergedBlock(1, 0, 0, Hash256.Zero)),
        ["no sources but a hash"] = Golden.MakeMerged(blocks: [new(1, 0, 1, Some), new(2, 1, 0, Some)]),
        ["sources but no hash"] = Block(new MergedBlock(1, 0, 1, Hash256.Zero)),
        ["block twice"] = Golden.MakeMerged(blocks: [new(1, 0, 1, Some), new(1, 1, 0, default)]),
        ["unknown delta"] = Source(s => s with { Delta = 2 }),
        ["source that gives nothing"] = Source(s => s with { Take = 0, Zero = 0 }),
        ["source of a ninth sector"] = Source(s => s with { Take = 0x107, Zero = 0x101 }),
        ["zeros that are not taken"] = Source(s => s with { Zero = 0x11 }),
        ["taken but not stored"] = Source(s => s with { Take = 0x47 }),
        ["zero and stored"] = Source(s => s with { Stored = 0x0F }),
        ["stored a ninth sector"] = Source(s => s with { Stored = 0x10E }),
        ["past its frame's end"] = Source(s => s with { Position = 2 }),
        ["frame below 0"] = Source(s => s with { Frame = s.Frame with { Offset = -1 } }),
        ["frame whose end overflows"] = Source(s => s with { Frame = s.Frame with { Offset = long.MaxValue } }),
        ["frame of codec 3"] = Source(s => s with { Frame = s.Frame with { Codec = (FrameCodec)3 } }),
        ["sector given twice"] = Golden.MakeMerged(
            blocks: [new(1, 0, 2, Some)], sources: [Golden.Source, Golden.Source]),
    };

    private static Dictionary<string, PackHeader> BadPacks { get; } = new(StringComparer.Ordinal)
    {
        ["machine that is a path"] = Golden.MakePack(machine: "../x"),
        ["operation below 0"] = Golden.MakePack(operation: -1),
        ["number 0"] = Golden.MakePack(number: 0),
        ["number of five digits"] = Golden.MakePack(number: 10_000),
        ["disk without a name"] = Golden.MakePack(change: m => m with { Disk = "A" }),
        ["shard below 0"] = Golden.MakePack(change: m => m with { Shard = -1 }),
        ["shard of seven digits"] = Golden.MakePack(change: m => m with { Shard = 1_000_000 }),
        ["from below 0"] = Golden.MakePack(change: m => m with { From = -1 }),
        ["from its own end"] = Golden.MakePack(change: m => m with { From = 5 }),
        ["gap before a member"] = Golden.MakePack(change: m => m with { Offset = m.Offset + 1 }),
        ["members that overlap"] = Golden.MakePack(change: m => m with { Offset = m.Offset - 1 }),
        ["data below 0"] = Golden.MakePack(change: m => m with { DataBytes = -1 }),
        ["data whose end overflows"] = Golden.MakePack(change: m => m with { DataBytes = long.MaxValue }),
        ["index of no bytes"] = Golden.MakePack(change: m => m with { IndexBytes = 0 }),
        ["index of too many"] = Golden.MakePack(change: m => m with { IndexBytes = (64 << 20) + 1 }),
    };

    private static Dictionary<string, IndexEntry> BadEntries { get; } = new(StringComparer.Ordinal)
    {
        ["codec 4"] = new(Some, 0, 0, 4096, (FrameCodec)4),
        ["an origin's of a length"] = new(Some, 0, 0, 4096, FrameCodec.Origin),
        ["stored but short"] = new(Some, 0, 0, 4095, FrameCodec.Stored),
        ["zstd that gains nothing"] = new(Some, 0, 0, 4096, FrameCodec.Zstd),
        ["zstd of no bytes"] = new(Some, 0, 0, 0, FrameCodec.Zstd),
        ["segment below 0"] = new(Some, -1, 0, 4096, FrameCodec.Stored),
        ["offset below 0"] = new(Some, 0, -1, 4096, FrameCodec.Stored),
        ["past the segment"] = new(Some, 0, 4097, 4096, FrameCodec.Stored),
        ["hash of zeros"] = new(Hash256.Zero, 0, 0, 4096, FrameCodec.Stored),
    };

    [Theory]
    [MemberData(nameof(Footers))]
    public void A_footer_is_refused_for(string fault) => Refused(
        Golden.Footer.Encode(), BadFooters[fault].Encode(), b => BaseFooter.Decode(b, "base"));

    [Theory]
    [MemberData(nameof(Deltas))]
    public void A_delta_is_refused_for(string fault) => Refused(
        Golden.Delta.Encode(), BadDeltas[fault].Encode(), b => DeltaIndex.Decode(b, "delta"));

    [Theory]
    [MemberData(nameof(MergedIndexes))]
    public void A_merged_index_is_refused_for(string fault) => Refused(
        Golden.Merged.Encode(), BadMerged[fault].Encode(), b => MergedIndex.Decode(b, "merged"));

    [Theory]
    [MemberData(nameof(Packs))]
    public void A_pack_is_refused_for(string fault) => Refused(
        Golden.Pack.Encode(), BadPacks[fault].Encode(), b => PackHeader.Decode(b, "pack"));

    [Theory]
    [MemberData(nameof(PageEntries))]
    public void An_index_page_is_refused_for(string fault)
    {
        var page = new IndexPage(2, Samples.Small);
        page.Entries[1] = BadEntries[fault];
        Refused(
            Golden.Page.Encode(), page.Encode(),
            b => IndexPage.Decode(b, 2, Samples.Small, "page"));
    }

    [Theory]
    [InlineData(3, 3, 0, 0)]
    [InlineData(4, 3, 0, 0)]
    [InlineData(3, 32, 0, 0)]
    [InlineData(-1, 3, 0, 0)]
    [InlineData(3, 4, -1, 0)]
    [InlineData(3, 4, 0, -1)]
    [InlineData(3, 4, 0, 8192)]
    public void A_table_of_shared_frames_is_refused_for(
        int first, int second, int segment, int offset) => Refused(
        SharedTable.Encode(Golden.Shared),
        SharedTable.Encode([new(first, 0, 0), new(second, segment, offset)]),
        b => SharedTable.Decode(b, Samples.Small, "shared"));

    [Theory]
    [InlineData(8, "format version")]
    [InlineData(10, "encryption")]
    [InlineData(11, "reserved")]
    [InlineData(12, "reserved")]
    [InlineData(27, "reserved")]
    public void What_a_later_format_may_say_in_the_header_is_refused(int at, string expected)
    {
        var stored = Golden.Footer.Encode();
        stored[at] ^= 2;
        Structure.All["footer"].Reseal(stored);
        var error = Assert.Throws<CorruptObjectException>(() => BaseFooter.Decode(stored, "base"));
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
        Assert.Equal("base", error.ObjectName);
    }

    [Fact]
    public void A_page_is_refused_under_another_number() => Refused(
        Golden.Page.Encode(), Golden.Page.Encode(),
        b => IndexPage.Decode(b, 2, Samples.Small, "page"),
        b => IndexPage.Decode(b, 3, Samples.Small, "page"));

    private static void Refused(
        byte[] good, byte[] bad, Action<byte[]> decode, Action<byte[]>? wrongly = null)
    {
        decode(good);
        Assert.Throws<CorruptObjectException>(() => (wrongly ?? decode)(bad));
    }

    private static BaseFooter Segments(params SegmentRecord[] segments) =>
        Golden.Footer with { Segments = segments };

    private static BaseFooter Pages(params PageRecord[] pages) =>
        Golden.Footer with { Pages = pages };

    private static BaseFooter Shared(int lengthBytes) =>
        Golden.Footer with { Shared = new SharedRecord(lengthBytes, Some) };

    private static BaseFooter Of(ObjectHeader header) => Golden.Footer with { Header = header };

    private static DeltaIndex Frame(int bytes, ushort sectors, FrameCodec codec) => Golden.MakeDelta(
        dataBytes: bytes, frames: [new DeltaFrame(0, bytes, sectors, codec)], entries: []);

    private static DeltaIndex Entry(Func<DeltaEntry, DeltaEntry> change) =>
        Golden.MakeDelta(entries: [change(Golden.Entry)]);

    private static MergedIndex Placed(int pack, long offset) => Golden.MakeMerged(
        deltas: [new(new(33, 32, 40)), new(new(35, 33, 41), pack, offset)]);

    private static MergedIndex Block(MergedBlock block) => Golden.MakeMerged(blocks: [block]);

    private static MergedIndex Source(Func<MergedSource, MergedSource> change) =>
        Golden.MakeMerged(sources: [change(Golden.Source)]);
}
