using SnapshotFunctions.Engine.Check.Repairing;
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

    private static int Shared(BaseImage image) => image.Footer.Pages.Sum(
        p => image.Page(p.Number).Entries.Count(e => e.Codec == FrameCodec.Origin));

    private static async Task<BaseImage> OpenAsync(CloneRig rig) => await BaseImage.OpenAsync(
        rig.Rig.Base, First, (await rig.Rig.Life.Manifests.LoadAsync("copy")).Head,
        CancellationToken.None);

    private static async Task<RepairTally> RepairAsync(CloneRig rig)
    {
        rig.Rig.NewLife();
        return (await rig.Rig.Life.RunAsync(
            RepairNames.Repair, new RepairInput("copy"), rig.Rig.NextJob(), "copy")).Tally;
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
