using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Bases of clones, most blocks of which lie in the origin, are damaged and mended.</summary>
public sealed class CloneRepairTests
{
    private static readonly ShardKey First = new("copy", "disk0", 0);

    [Fact]
    public async Task A_sound_clone_is_left_as_it_is()
    {
        var rig = await PreparedAsync();
        var before = rig.Contents().Where(c => c.Name.Contains("/disks/", StringComparison.Ordinal))
            .ToList();
        var tally = await RepairAsync(rig);
        Assert.Equal((0, 0), (tally.Repaired, tally.Lost));
        Assert.Equal(before, rig.Contents()
            .Where(c => c.Name.Contains("/disks/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_index_page_comes_back_from_the_segments_and_the_origin()
    {
        var rig = await PreparedAsync();
        var (frozen, footer) = (rig.Rig.Base.Freeze(), (await OpenAsync(rig)).Footer);
        Assert.Equal(4, footer.Pages.Count);
        var offset = footer.Segments.Sum(s => (long)s.LengthBytes);
        foreach (var page in footer.Pages)
        {
            rig.Rig.Base.Restore(frozen);
            rig.Rig.NewLife();
            rig.Rig.Base.FlipByte(ObjectNames.Base(First), (int)offset + 11);
            var tally = await RepairAsync(rig);
            Assert.True(
                tally is { Repaired: 1, Lost: 0 },
                $"page {page.Number}: {string.Join(", ", tally.Losses)}");
            var image = await OpenAsync(rig);
            await image.LoadAllPagesAsync(CancellationToken.None);
            Assert.Equal(footer.Node, image.Footer.Node);
            await rig.CheckAsync($"page {page.Number} mended");
            offset += page.LengthBytes;
        }
    }

    [Fact]
    public async Task A_damaged_segment_takes_nothing_of_the_origins_blocks_along()
    {
        var rig = await PreparedAsync();
        var image = await OpenAsync(rig);
        await image.LoadAllPagesAsync(CancellationToken.None);
        var shared = Shared(image);
        Assert.True(shared > 3);
        rig.Rig.Base.FlipByte(ObjectNames.Base(First), 7);
        var tally = await RepairAsync(rig);
        // The clone's own block is nowhere else: that is lost, and it alone.
        var lost = Assert.Single(tally.Losses);
        Assert.Equal(
            "bytes 3072 to 4096 of disk 'disk0'", lost.Expected);
        image = await OpenAsync(rig);
        await image.LoadAllPagesAsync(CancellationToken.None);
        Assert.Equal(shared, Shared(image));
    }

    [Fact]
    public async Task A_block_that_is_the_origins_again_is_mended_from_there()
    {
        var rig = await PreparedAsync();
        // The clone writes a block as its origin has it: it stores that itself.
        var disk = (byte[])rig.Model("copy").Values.Last().Clone();
        rig.Model("golden")[2].AsSpan(3_072, 1_024).CopyTo(disk.AsSpan(3_072));
        await rig.IngestAsync("copy", disk);
        await rig.ExpireAsync("copy", 1);
        rig.Rig.Time.Advance(TimeSpan.FromHours(1));
        var footer = (await OpenAsync(rig)).Footer;
        var at = footer.Segments.SkipLast(1).Sum(s => (long)s.LengthBytes);
        rig.Rig.Base.FlipByte(ObjectNames.Base(First), (int)at + 7);
        var tally = await RepairAsync(rig);
        Assert.True(
            tally is { Repaired: 1, Lost: 0 }, string.Join(", ", tally.Losses));
        Assert.Contains(
            "the version that the clone began from", Assert.Single(tally.Repairs),
            StringComparison.Ordinal);
        await rig.CheckAsync("mended from the origin");
    }

    [Fact]
    public async Task A_lost_base_is_found_and_comes_back_from_the_origin_and_an_image()
    {
        var rig = await PreparedAsync();
        var footer = (await OpenAsync(rig)).Footer;
        var wanted = rig.Model("copy")[footer.Version];
        await rig.Rig.Base.DeleteAsync(ObjectNames.Base(First));
        var found = await VerifyAsync(rig);
        Assert.Contains(
            found.Tally.Findings, f => f.Object == ObjectNames.Base(First)
                && f.Found is "no object");

        // Nothing else has the block that the clone has changed: told, and nothing is made.
        var lost = await RepairAsync(rig);
        Assert.Equal(0, lost.Repaired);
        Assert.Contains("--image", Assert.Single(lost.Losses).Found, StringComparison.Ordinal);
        // An image of another version is not taken for it.
        rig.Rig.Sources.Add("other", (byte[])rig.Model("golden")[2].Clone());
        Assert.Equal(0, (await RepairAsync(rig, "other")).Repaired);
        Assert.Null(await rig.Rig.Base.FindAsync(ObjectNames.Base(First)));

        rig.Rig.Sources.Add("full", (byte[])wanted.Clone());
        var tally = await RepairAsync(rig, "other", "full");
        Assert.True(
            tally is { Repaired: 1, Lost: 0 }, string.Join(", ", tally.Losses));
        var image = await OpenAsync(rig);
        await image.LoadAllPagesAsync(CancellationToken.None);
        Assert.Equal((footer.Version, footer.Node), (image.Footer.Version, image.Footer.Node));
        // What the origin has is still kept once.
        Assert.True(Shared(image) > 3);
        Assert.True((await VerifyAsync(rig)).IsSound);
        await rig.CheckAsync("made anew");
        await rig.ConsolidateAsync("copy", 1);
        await rig.CheckAsync("moved");
    }

    [Fact]
    public async Task A_lost_base_that_only_cleared_blocks_of_its_origin_comes_back_by_itself()
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        await rig.IngestAsync("golden", disk);
        await rig.CloneAsync("golden", 1, "copy");
        disk = (byte[])disk.Clone();
        disk.AsSpan(9_216, 1_024).Clear();
        await rig.IngestAsync("copy", disk);
        await rig.Rig.Base.DeleteAsync(ObjectNames.Base(First));
        Assert.False((await VerifyAsync(rig)).IsSound);
        var tally = await RepairAsync(rig);
        Assert.True(
            tally is { Repaired: 1, Lost: 0 }, string.Join(", ", tally.Losses));
        Assert.True((await VerifyAsync(rig)).IsSound);
        await rig.CheckAsync("made anew");
    }

    [Fact]
    public async Task A_lost_base_below_which_nothing_is_kept_is_found_too()
    {
        var rig = await PreparedAsync();
        await rig.ExpireAsync("copy", 1);
        var footer = (await OpenAsync(rig)).Footer;
        rig.Rig.Sources.Add("full", (byte[])rig.Model("copy")[footer.Version].Clone());
        await rig.Rig.Base.DeleteAsync(ObjectNames.Base(First));
        Assert.False((await VerifyAsync(rig)).IsSound);
        var tally = await RepairAsync(rig, "full");
        Assert.True(
            tally is { Repaired: 1, Lost: 0 }, string.Join(", ", tally.Losses));
        Assert.True((await VerifyAsync(rig)).IsSound);
        await rig.CheckAsync("made anew");
    }

    [Fact]
    public async Task A_machines_lost_base_comes_back_from_a_full_image_as_well()
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        await rig.IngestAsync("golden", disk);
        rig.Rig.Sources.Add("full", (byte[])disk.Clone());
        var shard = First with { Machine = "golden" };
        await rig.Rig.Base.DeleteAsync(ObjectNames.Base(shard));
        rig.Rig.NewLife();
        var lost = await MendAsync(rig, "golden");
        Assert.Contains("--image", Assert.Single(lost.Losses).Found, StringComparison.Ordinal);
        var tally = await MendAsync(rig, "golden", "full");
        Assert.True(
            tally is { Repaired: 1, Lost: 0 }, string.Join(", ", tally.Losses));
        await rig.CheckAsync("made anew");
    }

    private static async Task<VerifyResult> VerifyAsync(CloneRig rig)
    {
        rig.Rig.NewLife();
        return await rig.Rig.Life.RunAsync(
            CheckNames.Verify, new VerifyInput("copy", CheckDepth.Full), rig.Rig.NextJob(), "copy");
    }

    private static int Shared(BaseImage image) => image.Footer.Pages.Sum(
        p => image.Page(p.Number).Entries.Count(e => e.Codec == FrameCodec.Origin));

    private static async Task<BaseImage> OpenAsync(CloneRig rig) => await BaseImage.OpenAsync(
        rig.Rig.Base, First, (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head,
        CancellationToken.None);

    private static Task<RepairTally> RepairAsync(CloneRig rig, params string[] images) =>
        MendAsync(rig, "copy", images);

    private static async Task<RepairTally> MendAsync(
        CloneRig rig, string machine, params string[] images)
    {
        rig.Rig.NewLife();
        return (await rig.Rig.Life.RunAsync(
            RepairNames.Repair,
            new RepairInput(machine, Images: [.. images.Select(i => new RepairImage("disk0", i))]),
            rig.Rig.NextJob(), machine)).Tally;
    }

    /// <summary>A clone that has changed one block of its first shard, and cleared another.</summary>
    private static async Task<CloneRig> PreparedAsync()
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        await rig.IngestAsync("golden", disk, "newest");
        CloneRig.Change(disk, new Random(1));
        await rig.IngestAsync("golden", disk);
        await rig.CloneAsync("golden", 2, "copy");
        disk = (byte[])rig.Model("copy")[1].Clone();
        new Random(2).NextBytes(disk.AsSpan(3_072, 1_024));
        disk.AsSpan(9_216, 1_024).Clear();
        await rig.IngestAsync("copy", disk);
        return rig;
    }
}
