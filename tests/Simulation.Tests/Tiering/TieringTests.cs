using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Properties;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Tiering;

public sealed class TieringTests(ITestOutputHelper output)
{
    private static readonly LadderRung[] ToCool = [new(1, StorageTier.Cool)];
    private static readonly LadderRung[] ToCold =
        [new(1, StorageTier.Cool), new(30, StorageTier.Cold)];

    [Fact]
    public async Task What_is_old_moves_by_itself_and_what_an_undo_needs_stays_hot()
    {
        var rig = await Scenes.LadderAsync(6, ToCool);
        Assert.All(TinyTiers.TiersOf(rig), t => Assert.Equal(StorageTier.Hot, t));
        var result = await TinyTiers.TierAsync(rig);
        output.WriteLine($"{result}");
        var tiers = TinyTiers.TiersOf(rig);
        Assert.Equal(result.Moved, tiers.Count(t => t == StorageTier.Cool));
        Assert.InRange(result.Moved, 8, 40);
        Assert.Equal(0, result.Packs);
        foreach (var name in rig.Delta.Names("machines/vm/disks/"))
        {
            // The edges of the two newest versions.
            var isWarm = name.Contains("/00000006-", StringComparison.Ordinal)
                || name.Contains("/00000005-", StringComparison.Ordinal);
            var isIndex = name.EndsWith(".idx", StringComparison.Ordinal);
            var tier = (await rig.Delta.FindAsync(name))!.Tier;
            Assert.Equal(isWarm || isIndex ? StorageTier.Hot : StorageTier.Cool, tier);
        }
        await rig.CheckAsync("moved");
        var again = await TinyTiers.TierAsync(rig);
        Assert.Equal((0, 0), (again.Moved, again.Packs));
    }

    [Fact]
    public async Task Nothing_moves_before_its_age_and_nothing_without_a_ladder()
    {
        var rig = await Scenes.LadderAsync(5, [new(90, StorageTier.Cool)]);
        var result = await TinyTiers.TierAsync(rig);
        Assert.Equal((0, 0, 0), (result.Looked, result.Moved, result.Packs));
        await TinyTiers.SetLadderAsync(rig);
        Assert.Equal(0, (await TinyTiers.TierAsync(rig)).Moved);
    }

    [Theory]
    [InlineData(StorageTier.Cold)]
    [InlineData(StorageTier.Archive)]
    public async Task Small_ones_go_into_packs_and_every_version_reads_as_before(StorageTier tier)
    {
        var rig = await Scenes.LadderAsync(20, [new(1, tier)]);
        var result = await TinyTiers.TierAsync(rig);
        output.WriteLine($"{result}");
        var packs = await TinyTiers.PacksAsync(rig);
        Assert.Equal(result.Packs, packs.Count);
        Assert.InRange(result.Packs, 3, 40);
        Assert.Equal(result.Packed, packs.Sum(p => p.Members.Sum(m => m.Shards.Count)));
        foreach (var pack in packs)
        {
            var name = pack.ObjectName(Rig.Machine);
            var found = (await rig.Delta.FindAsync(name))!;
            Assert.Equal((tier, pack.LengthBytes), (found.Tier, found.LengthBytes));
            Assert.Equal(pack.Hash, Hash256.Of(rig.Delta.Peek(name)!));
            Assert.InRange(pack.LengthBytes, TinyTiers.Margins.PackBytes, 3 * TinyTiers.Margins.MostPackBytes);
        }
        if (tier == StorageTier.Archive)
        {
            await Assert.ThrowsAsync<ObjectArchivedException>(() => rig.CheckAsync(1, "archived"));
            // Those that were long enough went there by themselves.
            foreach (var archived in rig.Delta.Fingerprint("machines/")
                .Where(o => o.Tier == StorageTier.Archive).ToList())
                await rig.Delta.SetTierAsync(archived.Name, StorageTier.Hot);
            rig.Time.Advance(TimeSpan.FromDays(2));
        }
        await rig.CheckAsync("packed");
        await Invariants.CheckAsync(rig);
        await Invariants.CheckNothingLeaksAsync(rig);
        await rig.CheckAsync("swept");
    }

    [Fact]
    public async Task A_pack_moves_on_whole_when_its_youngest_member_is_old_enough()
    {
        var rig = await Scenes.LadderAsync(
            20, [new(1, StorageTier.Cold), new(200, StorageTier.Archive)]);
        var first = await TinyTiers.TierAsync(rig);
        Assert.InRange(first.Packs, 3, 40);
        rig.Time.Advance(TimeSpan.FromDays(250));
        var second = await TinyTiers.TierAsync(rig);
        output.WriteLine($"{first}, then {second}");
        var packs = await TinyTiers.PacksAsync(rig);
        Assert.Contains(packs, p => p.Tier == StorageTier.Archive);
        foreach (var pack in packs)
        {
            var found = (await rig.Delta.FindAsync(pack.ObjectName(Rig.Machine)))!;
            Assert.Equal(pack.Tier, found.Tier);
            Assert.NotNull(pack.TierChanged);
        }
    }

    [Fact]
    public async Task Bases_move_back_over_packed_deltas_and_empty_packs_go()
    {
        var rig = await Scenes.LadderAsync(20, ToCold);
        rig.Time.Advance(TimeSpan.FromDays(60));
        await TinyTiers.TierAsync(rig);
        var before = await TinyTiers.PacksAsync(rig);
        Assert.InRange(before.Count, 3, 40);
        await rig.ConsolidateAsync(10);
        var half = await TinyTiers.PacksAsync(rig);
        Assert.InRange(half.Sum(p => p.Members.Count), 1, before.Sum(p => p.Members.Count) - 1);
        await rig.CheckAsync("base at 10");
        await rig.ConsolidateAsync(1);
        Assert.Empty(await TinyTiers.PacksAsync(rig));
        await rig.CheckAsync("base at 1");
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(20);
        Assert.Empty(rig.Delta.Names("machines/vm/packs/"));
        await rig.CheckAsync("base at 20");
        await Invariants.CheckNothingLeaksAsync(rig);
    }

    [Fact]
    public async Task A_delta_whose_bytes_changed_stops_the_pack_and_nothing_changes()
    {
        var rig = await Scenes.LadderAsync(12, ToCold);
        rig.Time.Advance(TimeSpan.FromDays(60));
        var old = rig.Delta.Names("machines/vm/disks/")
            .First(n => n.Contains("/00000003-", StringComparison.Ordinal)
                && n.EndsWith(".dat", StringComparison.Ordinal) && rig.Delta.Peek(n)!.Length > 700
                && rig.Delta.Peek(n)!.Length < TinyTiers.Margins.PackBytes);
        rig.Delta.FlipByte(old, 3);
        var error = await Assert.ThrowsAsync<StepFailedException>(() => TinyTiers.TierAsync(rig));
        Assert.Equal("corrupt-object", error.Code);
        rig.Delta.FlipByte(old, 3);
        Assert.Empty(await TinyTiers.PacksAsync(rig));
        await rig.CheckAsync("stopped");
        await ListedObjects.CheckAsync(rig, "stopped");
    }

    [Fact]
    public async Task Merged_indexes_are_made_again_over_packed_deltas()
    {
        var rig = await Scenes.LadderAsync(20, ToCold);
        var before = await (await rig.Life.Manifests.LoadAsync(Rig.Machine)).AllMergedAsync(0);
        Assert.NotEmpty(before);
        rig.Time.Advance(TimeSpan.FromDays(60));
        var result = await TinyTiers.TierAsync(rig);
        Assert.InRange(result.Packs, 3, 40);
        var after = await (await rig.Life.Manifests.LoadAsync(Rig.Machine)).AllMergedAsync(0);
        Assert.Equal(
            before.Select(m => (m.Disk, m.Level, m.Group, m.Shards.ToString())).Order(),
            after.Select(m => (m.Disk, m.Level, m.Group, m.Shards.ToString())).Order());
        Assert.Empty(after.Intersect(before));
        await rig.CheckAsync("merged again");
    }
}
