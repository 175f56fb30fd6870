using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>Bases with shared frames lose a part, and get it again.</summary>
public sealed class SharedRepairTests
{
    [Fact]
    public async Task Each_index_page_is_made_again_from_directories_and_the_table()
    {
        var (rig, stored) = await MadeAsync();
        Assert.NotEqual(0, stored.Alone);
        for (var page = 0; page < stored.Footer.Pages.Count; page++)
        {
            stored = StoredBase.Of(rig, 0);
            rig.Base.FlipByte(stored.Name, stored.PageOffset(page) + 20);
            await RequireMendedAsync(rig, $"page {page}");
            var after = StoredBase.Of(rig, 0);
            Assert.Equal(stored.Shared, after.Shared);
            Assert.Equal(stored.Footer.Pages, after.Footer.Pages);
        }
    }

    [Fact]
    public async Task The_table_is_made_again_from_pages_and_directories()
    {
        var (rig, stored) = await MadeAsync();
        for (var at = 0; at < stored.Footer.Shared!.Value.LengthBytes; at += 5)
        {
            rig.Base.FlipByte(stored.Name, StoredBase.Of(rig, 0).TableOffset + at);
            await RequireMendedAsync(rig, $"byte {at} of the table");
        }
        // Frames that one block names are listed where the directory tells another block alone.
        var frames = stored.Shared.GroupBy(s => (s.Segment, s.Offset))
            .Where(g => g.Count() > 1).SelectMany(g => g).OrderBy(s => s.Block);
        Assert.Subset(
            StoredBase.Of(rig, 0).Shared.ToHashSet(), frames.ToHashSet());
    }

    [Fact]
    public async Task A_table_and_a_segment_that_are_damaged_at_once_are_mended_from_the_images()
    {
        var (rig, stored) = await MadeAsync();
        var segment = stored.Shared[0].Segment;
        rig.Base.FlipByte(stored.Name, stored.TableOffset + 3);
        rig.Base.FlipByte(stored.Name, stored.SegmentOffset(segment) + stored.Shared[0].Offset);
        await RequireMendedAsync(rig, "the table and a segment", hasImages: true);
        var after = StoredBase.Of(rig, 0);
        Assert.DoesNotContain(segment, after.Footer.Segments.Select(s => s.Number));
        Assert.True(after.Shared.Count >= 2, "the frames of the segment are shared again");
    }

    [Fact]
    public async Task What_is_found_for_one_block_of_a_shared_frame_mends_all_of_them()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        var random = new Random(5);
        var first = new byte[16 * 1024];
        random.NextBytes(first);
        var second = (byte[])first.Clone();
        // Blocks 2, 6 and 11 are one frame of the base; only 2 had this content before.
        second.AsSpan(2 * 1024, 1024).CopyTo(second.AsSpan(6 * 1024));
        second.AsSpan(2 * 1024, 1024).CopyTo(second.AsSpan(11 * 1024));
        var other = (byte[])second.Clone();
        foreach (var block in new[] { 2, 6, 11 })
            other.AsSpan(block * 1024, 1024).Reverse();
        await rig.IngestAsync(("disk0", first));
        await rig.IngestAsync(("disk0", other));
        await rig.IngestAsync(("disk0", second));
        var stored = StoredBase.Of(rig, 0);
        Assert.Equal([2, 6, 11], stored.Shared.Select(s => s.Block));
        rig.Base.FlipByte(
            stored.Name, stored.SegmentOffset(stored.Shared[0].Segment) + stored.Shared[0].Offset);
        // Whoever kept the first image alone has block 2 of it, and no other.
        rig.Sources.Add("kept", first);

        var result = await SharedRig.RepairAsync(rig, [new("disk0", "kept")]);

        Assert.True((result.Repaired, result.Lost) is (1, 0), string.Join('\n', result.Losses));
        await SharedRig.RequireSoundAsync(rig, "mended");
        Assert.Equal([2, 6, 11], StoredBase.Of(rig, 0).Shared.Select(s => s.Block));
    }

    private static async Task RequireMendedAsync(
        Rig rig, string context, bool hasImages = false)
    {
        rig.NewLife();
        Assert.False((await SharedRig.VerifyAsync(rig)).IsSound, context);
        var result = await SharedRig.RepairAsync(rig, hasImages ? Scenes.KeptImages(rig) : []);
        Assert.True(
            (result.Repaired, result.Lost) is (1, 0),
            $"{context}: {string.Join('\n', result.Losses)}");
        await SharedRig.RequireSoundAsync(rig, context);
    }

    /// <summary>A shard whose table also has frames that the block they were made for has left.</summary>
    private static async Task<(Rig Rig, StoredBase Stored)> MadeAsync()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        var random = new Random(11);
        var disk = new byte[16 * 1024];
        random.NextBytes(disk);
        foreach (var (from, to) in new[] { (0, 3), (0, 9), (1, 8), (2, 12), (2, 13) })
            disk.AsSpan(from * 1024, 1024).CopyTo(disk.AsSpan(to * 1024));
        await rig.IngestAsync(("disk0", disk));
        disk = (byte[])disk.Clone();
        // The frame of 1 is block 8's alone now, and that of 0 has two of its three.
        random.NextBytes(disk.AsSpan(0, 2 * 1024));
        await rig.IngestAsync(("disk0", disk));
        return (rig, StoredBase.Of(rig, 0));
    }
}
