using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Tiering;

/// <summary>A clone reads its origin's version at any time: what leads there stays warm.</summary>
public sealed class CloneWarmthTests
{
    [Theory]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Archive)]
    public async Task Deltas_that_a_clone_reads_do_not_move_down_while_it_does(StorageTier tier)
    {
        var rig = await Scenes.LadderAsync(20, [new LadderRung(1, tier)]);
        await rig.Life.RunAsync(
            CloneNames.Clone, new CloneInput(Rig.Machine, 10, "copy"), rig.NextJob(), Rig.Machine);
        for (var i = 0; i < 12; i++) await TinyTiers.TierAsync(rig);
        var (warm, cold) = await ReversesAsync(rig);
        // From the newest down to the clone's version nothing has moved; below it all may.
        Assert.All(warm, t => Assert.Equal(StorageTier.Hot, t));
        Assert.True(warm.Count > 8);
        Assert.Contains(cold, t => t != StorageTier.Hot);
        await Read(rig, "copy");

        await rig.Life.RunAsync(
            CloneNames.Flatten, new FlattenFlowInput("copy"), rig.NextJob(), "copy");
        for (var i = 0; i < 12; i++) await TinyTiers.TierAsync(rig);
        (warm, _) = await ReversesAsync(rig);
        Assert.Contains(warm, t => t != StorageTier.Hot);
        await Read(rig, "copy");
    }

    private static async Task Read(Rig rig, string machine)
    {
        foreach (var (disk, expected) in rig.Model[10])
        {
            var view = await rig.NewLife().Services.Views.OpenAsync(
                machine, 1, disk, CancellationToken.None);
            var found = new byte[expected.Length];
            await view.ReadAsync(0, found);
            Assert.Equal(expected, found);
        }
    }

    /// <summary>
    /// The tiers of reverse incrementals: those from the newest to the clone's version, and those
    /// below. What lies in a pack has none of its own and is told by the pack's.
    /// </summary>
    private static async Task<(List<StorageTier> Warm, List<StorageTier> Cold)> ReversesAsync(
        Rig rig)
    {
        var packs = await TinyTiers.PacksAsync(rig);
        var (warm, cold) = (new List<StorageTier>(), new List<StorageTier>());
        foreach (var name in rig.Delta.Names("machines/vm/disks/"))
        {
            if (!ObjectNames.TryParseDelta(name, out var shard, out var key)
                || !name.EndsWith(".idx", StringComparison.Ordinal)) continue;
            var data = ObjectNames.DeltaData(shard, key);
            var tier = (await rig.Delta.FindAsync(data))?.Tier
                ?? packs.First(p => p.Members.Any(m => m.Key.Edge == key.Edge
                    && m.Shards.Contains(shard.Shard)
                    && string.Equals(m.Disk, shard.Disk, StringComparison.Ordinal))).Tier;
            (key.To >= 10 ? warm : cold).Add(tier);
        }
        return (warm, cold);
    }
}
