using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Stalls;

/// <summary>
/// A worker stalls right before it makes a pack or an index exist; others end its operation, go on
/// and sweep. Then it wakes up, and leaves nothing behind.
/// </summary>
public sealed class StalledPackTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(StoreOperationKind.CommitBlocks, ".pack")]
    [InlineData(StoreOperationKind.StageBlock, ".pack")]
    [InlineData(StoreOperationKind.Put, ".idx")]
    public async Task A_packing_worker_that_wakes_up_late_changes_nothing(
        StoreOperationKind kind, string ending)
    {
        var rig = await Scenes.LadderAsync(8, [new LadderRung(1, StorageTier.Cold)]);
        var stalled = new SimulatedProcess();
        var pause = StorePause.On(stalled, kind, ending);
        var options = rig.Options with { RenewEvery = Timeout.InfiniteTimeSpan };
        var asleep = rig.LifeOf(stalled, options).RunAsync(
            TierNames.Tier, new TierInput(Rig.Machine), "stalled", Rig.Machine);
        await pause.Reached.WaitAsync(Patience);

        // Another job gets the turn, ends the operation, packs the same deltas and sweeps.
        rig.Time.Advance(TimeSpan.FromHours(1));
        var result = await TinyTiers.TierAsync(rig);
        Assert.InRange(result.Packs, 1, 40);
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(8);
        await rig.CheckAsync("while it sleeps");
        await ListedObjects.CheckAsync(rig, "while it sleeps");
        var before = Contents(rig);

        pause.Resume();
        var error = await Assert.ThrowsAnyAsync<SnapshotException>(
            () => asleep.WaitAsync(Patience));
        output.WriteLine(error.Message);
        Assert.Contains(
            error.Code, new[] { "overtaken", "superseded", "object-not-found", "turn-lost" });
        Assert.Equal(before, Contents(rig));
        await rig.CheckAsync("after it woke up");
    }

    private static List<ObjectFingerprint> Contents(Rig rig) =>
    [
        .. rig.Base.Fingerprint(ObjectNames.Machine(Rig.Machine)),
        .. rig.Delta.Fingerprint(ObjectNames.Machine(Rig.Machine)),
    ];
}
