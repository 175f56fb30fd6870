using BenchmarkDotNet.Attributes;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Benchmarks;

/// <summary>What opening a version does with indexes.</summary>
public class IndexBenchmarks
{
    private byte[] _page = [];
    private IndexPage _decoded = new(0, Layout.Default);
    private byte[] _delta = [];
    private DeltaIndex? _index;
    private ShardMap _map = new(Layout.Default);

    /// <summary>Blocks that the delta changes, of the shard's 131,072.</summary>
    [Params(100, 10_000)]
    public int Blocks { get; set; }

    /// <summary>Makes a full index page and a delta's index.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var layout = Layout.Default;
        var random = new Random(1);
        for (var i = 0; i < layout.BlocksPerPage; i++)
            _decoded.Entries[i] = new IndexEntry(
                HashOf(random), 1, i * 1000, 1000, FrameCodec.Zstd);
        _page = _decoded.Encode();
        var apart = layout.BlocksPerShard / Blocks;
        var entries = Enumerable.Range(0, Blocks).Select(i => new DeltaEntry(
            i * apart, 0x0003, 0, i / 8, (ushort)(i % 8 * 2), HashOf(random))).ToArray();
        var frames = Enumerable.Range(0, (Blocks + 7) / 8)
            .Select(i => new DeltaFrame(i * 30_000L, 30_000, 16, FrameCodec.Zstd)).ToArray();
        _delta = new DeltaIndex
        {
            Header = new ObjectHeader(new ShardKey("vm", "disk0", 0), layout, 7),
            From = 1, To = 2, FromDiskBytes = layout.ShardBytes, ToDiskBytes = layout.ShardBytes,
            Card = VersionCard.None, Input = HashOf(random),
            FromNode = HashOf(random), ToNode = HashOf(random),
            DataBytes = frames.Length * 30_000L, DataHash = HashOf(random), Frames = frames,
            ZeroRuns = [], Entries = entries,
            Pages = [.. entries.Select(e => e.Block / layout.BlocksPerPage).Distinct()
                .Select(p => new PageNode(p, HashOf(random)))],
        }.Encode();
        _index = DeltaIndex.Decode(_delta, "delta");
        _map = Fill();
    }

    /// <summary>One page of 512 blocks.</summary>
    [Benchmark]
    public IndexPage DecodePage() => IndexPage.Decode(_page, 0, Layout.Default, "base");

    /// <summary>The hash over a page's blocks.</summary>
    [Benchmark]
    public Hash256 NodeOfPage() => _decoded.Node();

    /// <summary>A delta's index.</summary>
    [Benchmark]
    public DeltaIndex DecodeDelta() => DeltaIndex.Decode(_delta, "delta");

    /// <summary>A map of 16 such deltas, as a view opens.</summary>
    [Benchmark]
    public ShardMap Fill()
    {
        var map = new ShardMap(Layout.Default);
        for (var i = 0; i < 16; i++) map.Add(_index!);
        return map;
    }

    /// <summary>Where one block lies.</summary>
    [Benchmark]
    public bool Find() => _map.TryGet(_index!.Entries[^1].Block, out _);

    private static Hash256 HashOf(Random random)
    {
        var bytes = new byte[Hash256.Size];
        random.NextBytes(bytes);
        return new Hash256(bytes);
    }
}
