using System.Numerics;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>
/// What readers rely on once a structure was decoded, written apart from the product's own checks:
/// it walks the structure as a reader would and looks only at where that leads.
/// </summary>
internal static class Relied
{
    public static void On(BaseFooter footer)
    {
        On(footer.Header);
        Assert.True(footer.NextSegment >= 0);
        Assert.DoesNotContain(footer.NextSegment, footer.Segments.Select(s => s.Number));
        Assert.Equal(
            footer.Segments.Count, footer.Segments.Select(s => s.Number).Distinct().Count());
        Assert.InRange(footer.Header.Layout.ShardsOf(footer.DiskBytes), 0, 1_000_000);
        Assert.All(footer.Segments, s => Assert.InRange(s.LiveBytes, 0, s.LengthBytes));
        Assert.All(footer.Segments, s => Assert.InRange(s.LengthBytes, 8, (64 << 20) + 20));
        Assert.All(footer.Pages, p =>
            Assert.InRange(p.Number, 0, footer.Header.Layout.PagesPerShard - 1));
        Assert.All(footer.Pages, p => Assert.InRange(p.LengthBytes, 56, 8 + (48 * 4096)));
        Assert.Equal(footer.Pages.Select(p => p.Number).Distinct().Order(), footer.Pages.Select(p => p.Number));
        if (footer.Shared is { } shared)
            Assert.InRange(
                shared.LengthBytes, 20, 8 + (12L * footer.Header.Layout.BlocksPerShard));
    }

    public static void On(IReadOnlyList<SharedBlock> shared)
    {
        Assert.NotEmpty(shared);
        Assert.All(shared, s => Assert.InRange(s.Block, 0, Samples.Small.BlocksPerShard - 1));
        Assert.All(shared, s => Assert.InRange(s.Offset, 0, Samples.Small.SegmentBytes - 1));
        Assert.All(shared, s => Assert.True(s.Segment >= 0));
        Assert.Equal(shared.Select(s => s.Block).Distinct().Order(), shared.Select(s => s.Block));
    }

    public static void On(IndexPage page)
    {
        foreach (var entry in page.Entries.Where(e => !e.IsZero))
        {
            Assert.InRange(entry.Offset + (long)entry.StoredBytes, 1, Samples.Small.SegmentBytes);
            Assert.True(entry.Segment >= 0 && entry.Offset >= 0 && entry.StoredBytes > 0);
            Assert.False(entry.Hash.IsZero);
        }
        Assert.False(page.Node().IsZero);
    }

    public static void On(DeltaIndex index)
    {
        On(index.Header);
        var layout = index.Header.Layout;
        Assert.NotEqual(index.From, index.To);
        Assert.InRange(layout.ShardsOf(Math.Max(index.FromDiskBytes, index.ToDiskBytes)), 0, 1_000_000);
        Assert.True(ObjectNames.TryParseDelta(
            ObjectNames.DeltaIndex(index.Header.Shard, index.Key), out var shard, out var key));
        Assert.Equal((index.Header.Shard, index.Key), (shard, key));
        foreach (var run in index.ZeroRuns)
        {
            Assert.InRange(run.First, 0, layout.BlocksPerShard - 1);
            Assert.InRange(run.End, run.First + 1, layout.BlocksPerShard);
            Assert.True(index.Zeroes(run.First) && index.Zeroes(run.End - 1));
            Assert.False(index.Zeroes(run.End) || index.Zeroes(run.First - 1));
        }
        for (var i = 0; i < index.Entries.Length; i++)
        {
            var entry = index.Entries[i];
            Assert.InRange(entry.Block, 0, layout.BlocksPerShard - 1);
            Assert.Equal(i, index.Find(entry.Block));
            Assert.False(index.Zeroes(entry.Block));
            if (entry.Stored == 0) continue;
            var frame = index.Frames[entry.Frame];
            On(frame, entry.Position, entry.Stored, layout);
            Assert.InRange(frame.Offset + frame.StoredBytes, 1, index.DataBytes);
            Assert.True(index.PackOffset + frame.Offset + frame.StoredBytes > frame.Offset);
        }
        On(index.Place, index.Header.Shard);
        Assert.All(index.Pages, p => Assert.InRange(p.Page, 0, layout.PagesPerShard - 1));
        Assert.Equal(index.Pages.Select(p => p.Page).Distinct().Order(), index.Pages.Select(p => p.Page));
    }

    public static void On(MergedIndex index)
    {
        On(index.Header);
        foreach (var block in index.Blocks)
        {
            Assert.InRange(block.Block, 0, index.Header.Layout.BlocksPerShard - 1);
            var given = 0;
            foreach (var source in index.Sources.AsSpan(block.FirstSource, block.Sources))
            {
                Assert.Equal(0, given & source.Take);
                given |= source.Take;
                var place = index.Deltas[source.Delta];
                Assert.True(place.Key.From > place.Key.To);
                On(place, index.Header.Shard);
                if ((source.Take & ~source.Zero) == 0) continue;
                Assert.True(place.Offset + source.Frame.Offset + source.Frame.StoredBytes > 0);
                On(source.Frame, source.Position, source.Stored, index.Header.Layout);
                Assert.Equal(0, source.Take & ~source.Zero & ~source.Stored);
            }
            Assert.Equal(given == 0, block.Hash.IsZero);
        }
        Assert.Equal(index.Blocks.Select(b => b.Block).Distinct().Order(), index.Blocks.Select(b => b.Block));
    }

    public static void On(PackHeader header)
    {
        Assert.True(ObjectNames.TryParsePack(
            ObjectNames.Pack(header.Machine, header.Operation, header.Number),
            out var machine, out var operation, out var number));
        Assert.Equal((header.Machine, header.Operation, header.Number), (machine, operation, number));
        var at = (long)header.Encode().Length;
        foreach (var member in header.Members)
        {
            Assert.True(ObjectNames.IsName(member.Disk) && member.From != member.To);
            Assert.Equal(at, member.Offset);
            Assert.True(member.DataBytes >= 0 && member.IndexBytes > 0 && member.End > at);
            at = member.End;
        }
        Assert.Equal(header.Members.Count == 0 ? 0 : at, header.PackBytes);
    }

    private static void On(DeltaPlace place, ShardKey shard)
    {
        Assert.Equal(place.Pack == 0, place.Offset == 0);
        Assert.InRange(place.Offset, 0, long.MaxValue);
        var name = place.DataName(shard);
        Assert.Equal(place.Pack == 0, ObjectNames.TryParseDelta(name, out _, out _));
        Assert.Equal(place.Pack != 0, ObjectNames.TryParsePack(name, out _, out _, out _));
    }

    private static void On(DeltaFrame frame, int position, ushort stored, Layout layout)
    {
        Assert.InRange(position + BitOperations.PopCount(stored), 1, frame.Sectors);
        Assert.InRange(frame.Sectors * layout.SectorBytes, layout.SectorBytes, layout.BlockBytes);
        Assert.InRange(frame.StoredBytes, 1, frame.Sectors * layout.SectorBytes);
        Assert.True(frame.Offset >= 0 && frame.Offset + frame.StoredBytes > frame.Offset);
        Assert.Equal(0, stored & ~layout.FullMask);
        Assert.True(frame.Codec is FrameCodec.Stored or FrameCodec.Zstd);
    }

    private static void On(ObjectHeader header)
    {
        Assert.Equal(header.Layout, header.Layout.Checked());
        Assert.True(ObjectNames.TryParseBase(ObjectNames.Base(header.Shard), out var shard));
        Assert.Equal(header.Shard, shard);
    }
}
