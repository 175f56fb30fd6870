using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Makes valid structures from a seed: small ones, of every shape the format allows.</summary>
internal static class Samples
{
    /// <summary>8 sectors a block, 4 blocks a page, 8 pages a shard.</summary>
    public static Layout Small { get; } = new(512, 4096, 4, 8192, 8 * 4 * 4096);

    public static ObjectHeader Header(Random random) => new(
        new ShardKey("vm-" + random.Next(100), "disk" + random.Next(10), random.Next(1_000_000)),
        Small, random.NextInt64(1_000_000_000_000));

    public static Hash256 Hash(Random random)
    {
        var bytes = new byte[Hash256.Size];
        random.NextBytes(bytes);
        return new Hash256(bytes);
    }

    public static VersionCard Card(Random random) => random.Next(4) == 0
        ? VersionCard.None
        : new VersionCard(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(random.NextInt64(1L << 50)),
            random.Next(2) == 0 ? null : "before \"the\" ünïcode 移行 " + random.Next(),
            random.Next(2) == 0 ? null : "nightly-" + random.Next(100),
            random.Next(2) == 0 ? null : random.Next(1000));

    public static BaseFooter Footer(Random random)
    {
        var segments = Enumerable.Range(0, random.Next(6))
            .Select(i => Segment(random, i * 3)).OrderBy(_ => random.Next()).ToArray();
        var pages = Numbers(random, Small.PagesPerShard).Select(number => new PageRecord(
            number, 8 + (48 * random.Next(1, 5)), Hash(random), Hash(random))).ToArray();
        return new BaseFooter(
            Header(random), random.Next(100), random.Next(100), random.NextInt64(1L << 36),
            Card(random), segments, pages, Hash(random),
            random.Next(2) == 0 ? null : new SharedRecord(8 + (12 * random.Next(1, 33)), Hash(random)));
    }

    public static IReadOnlyList<SharedBlock> Shared(Random random)
    {
        var last = random.Next(Small.BlocksPerShard);
        return
        [
            .. Numbers(random, last).Append(last)
                .Select(b => new SharedBlock(b, random.Next(50), random.Next(8192))),
        ];
    }

    public static IndexPage Page(Random random)
    {
        var page = new IndexPage(random.Next(Small.PagesPerShard), Small);
        page.Entries[random.Next(4)] = Entry(random);
        for (var i = 0; i < 4; i++)
            if (random.Next(2) == 0) page.Entries[i] = Entry(random);
        return page;
    }

    public static DeltaIndex Delta(Random random)
    {
        var frames = Frames(random, random.Next(1, 8));
        var zeroed = Numbers(random, 8).Select(n => new BlockRun(n * 4, random.Next(1, 3))).ToArray();
        var entries = Numbers(random, 8).Select(n => Entry(random, (n * 4) + 3, frames)).ToArray();
        var from = random.Next(1, 1000);
        var pack = Math.Max(0, random.Next(-5, 10_000));
        return new DeltaIndex
        {
            Header = Header(random),
            From = from,
            To = random.Next(2) == 0 ? from - 1 : from + random.Next(1, 3),
            FromDiskBytes = random.NextInt64(1L << 36),
            ToDiskBytes = random.NextInt64(1L << 36),
            Card = Card(random),
            Input = Hash(random),
            FromNode = Hash(random),
            ToNode = random.Next(4) == 0 ? Hash256.Zero : Hash(random),
            DataBytes = frames.Sum(f => (long)f.StoredBytes),
            DataHash = Hash(random),
            Pack = pack,
            PackOffset = pack == 0 ? 0 : random.NextInt64(1, 1L << 40),
            Frames = frames,
            ZeroRuns = zeroed,
            Entries = entries,
            Pages = [.. zeroed.Select(z => z.First / 4).Concat(entries.Select(e => e.Block / 4))
                .Distinct().Order().Select(p => new PageNode(p, Hash(random)))],
        };
    }

    public static MergedIndex Merged(Random random)
    {
        var deltas = Enumerable.Range(32, random.Next(1, 17))
            .Select(n => new DeltaKey(n + 1, n, random.Next(10_000)))
            .Select(k => random.Next(2) == 0
                ? new DeltaPlace(k)
                : new DeltaPlace(k, random.Next(1, 10_000), random.NextInt64(1, 1L << 40)))
            .ToArray();
        var blocks = new List<MergedBlock>();
        var sources = new List<MergedSource>();
        foreach (var number in Numbers(random, Small.BlocksPerShard))
        {
            var first = sources.Count;
            var left = (ushort)random.Next(256);
            while (left != 0)
            {
                var take = (ushort)(left & random.Next(256));
                if (take == 0) continue;
                sources.Add(Source(random, take, deltas.Length));
                left &= (ushort)~take;
            }
            var count = sources.Count - first;
            blocks.Add(new MergedBlock(number, first, count, count == 0 ? default : Hash(random)));
        }
        return new MergedIndex
        {
            Header = Header(random),
            Level = 1,
            Group = 2,
            Deltas = deltas,
            Blocks = [.. blocks],
            Sources = [.. sources],
        };
    }

    public static PackHeader Pack(Random random) => PackHeader.Of(
        $"m{random.Next()}", random.NextInt64(1_000_000), random.Next(1, 10_000),
        [.. Enumerable.Range(1, random.Next(5)).Select(n => new PackMember(
            $"d{random.Next(100)}", random.Next(1000), n + 1, n, 0, random.NextInt64(1L << 30),
            random.Next(1, 1 << 20)))]);

    private static MergedSource Source(Random random, ushort take, int deltas)
    {
        var zero = (ushort)(take & random.Next(256));
        var stored = (ushort)((take | random.Next(256)) & ~zero);
        var count = (ushort)System.Numerics.BitOperations.PopCount(stored);
        var sectors = (ushort)random.Next(Math.Max(1, (int)count), 9);
        var frame = count == 0 ? default : Frame(random, sectors) with { Offset = random.Next() };
        var position = count == 0 ? 0 : random.Next(sectors - count + 1);
        return new MergedSource(
            (ushort)random.Next(deltas), take, zero, stored, (ushort)position, frame);
    }

    private static DeltaEntry Entry(Random random, int block, DeltaFrame[] frames)
    {
        var changed = (ushort)random.Next(1, 256);
        var zero = (ushort)(changed & random.Next(256));
        var count = System.Numerics.BitOperations.PopCount((ushort)(changed & ~zero));
        var frame = Array.FindIndex(frames, f => f.Sectors >= count);
        if (count == 0 || frame < 0)
            return new DeltaEntry(block, changed, changed, -1, 0, Hash(random));
        var position = (ushort)random.Next(frames[frame].Sectors - count + 1);
        return new DeltaEntry(block, changed, zero, frame, position, Hash(random));
    }

    private static DeltaFrame[] Frames(Random random, int count)
    {
        var offset = 0L;
        var frames = new DeltaFrame[count];
        for (var i = 0; i < count; i++)
        {
            frames[i] = Frame(random, (ushort)random.Next(1, 9)) with { Offset = offset };
            offset += frames[i].StoredBytes;
        }
        return frames;
    }

    private static DeltaFrame Frame(Random random, ushort sectors) => random.Next(2) == 0
        ? new DeltaFrame(0, sectors * 512, sectors, FrameCodec.Stored)
        : new DeltaFrame(0, random.Next(1, sectors * 512), sectors, FrameCodec.Zstd);

    private static IndexEntry Entry(Random random)
    {
        var codec = random.Next(2) == 0 ? FrameCodec.Stored : FrameCodec.Zstd;
        var length = codec == FrameCodec.Stored ? 4096 : random.Next(1, 4096);
        return new IndexEntry(
            Hash(random), random.Next(50), random.Next(8192 - length + 1), length, codec);
    }

    private static SegmentRecord Segment(Random random, int number)
    {
        var live = random.Next(8192 - 20);
        return new SegmentRecord(number, random.Next(live + 20, 8192), live, Hash(random));
    }

    private static int[] Numbers(Random random, int below) =>
        Enumerable.Range(0, below).Where(_ => random.Next(3) == 0).ToArray();
}
