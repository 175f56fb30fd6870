using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <content>What goes on beside a restore.</content>
public sealed partial class RestoreArchivedTests
{
    [Fact]
    public async Task What_is_brought_back_beside_a_restore_does_not_go_with_it()
    {
        var rig = await ArchivedRig.CreateAsync(30);
        var pause = new StorePause();
        // Its first read of a copy: all of them are there, and they go at its end.
        rig.Process.Faults = operation =>
            operation.Kind == StoreOperationKind.Read && ArchivedRig.IsCopy(operation.Name)
                ? StoreFault.PauseBefore(pause) : StoreFault.None;
        var restored = ArchivedRig.RestoreAsync(rig, ArchivedRig.Input(RehydrationWish.High));
        await pause.Reached;
        var others = new SimulatedProcess();
        var result = await rig.LifeOf(others).RunAsync(
            RehydrateNames.Rehydrate, new RehydrateInput(Rig.Machine, 4), "others", Rig.Machine);
        pause.Resume();
        await restored;
        rig.Process.Faults = null;

        Assert.InRange(result.Objects, 3, 100);
        Assert.NotEmpty(ArchivedRig.Copies(rig));
        await rig.CheckAsync(4, "after the restore");
        await ListedObjects(rig, "kept");
        // What stays for long is not copied again.
        var again = await rig.Life.RunAsync(
            RehydrateNames.Rehydrate, new RehydrateInput(Rig.Machine, 4), "again", Rig.Machine);
        Assert.Equal(0, again.Objects);
        // What goes soon is: else the answer would be true for a moment only.
        rig.Time.Advance(RehydrationMargins.Default.KeepTime * 0.75);
        var later = await rig.Life.RunAsync(
            RehydrateNames.Rehydrate, new RehydrateInput(Rig.Machine, 4), "later", Rig.Machine);
        Assert.Equal(result.Objects, later.Objects);
    }

    /// <summary>
    /// Asks a job to end that stands still meanwhile. Before it is written down there is none.
    /// </summary>
    private static async Task AskAsync(Life life, StorePause pause)
    {
        try
        {
            await life.Runner.RequestCancelAsync("job");
        }
        catch (NoSuchException)
        {
            // It is about to be started.
        }
        finally
        {
            pause.Resume();
        }
    }

    private static async Task MoveAsync(Rig rig, Life other, SimulatedProcess process)
    {
        await other.RunAsync(
            RehydrateNames.Rehydrate,
            new RehydrateInput(Rig.Machine, 4, Priority: RehydrationPriority.High), "others", Rig.Machine);
        await other.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Rig.Machine, 4), "moving", Rig.Machine);
        foreach (var name in ArchivedRig.Data(rig))
            await rig.Delta.For(process).SetTierAsync(name, StorageTier.Archive);
        await new EndRehydrationStep(other.Services).RunAsync(
            new EndRehydrationInput(Rig.Machine, "others", 0), CancellationToken.None);
    }

    private static Task ListedObjects(Rig rig, string context) =>
        Crashes.ListedObjects.CheckAsync(rig, context);

    private static Task<int> SweepAsync(Rig rig) =>
        rig.Life.Manifests.SweepAsync(Rig.Machine, rig.Time.GetUtcNow());

    private static long Count(Rig rig, StoreOperationKind kind) => rig.Delta.Counters.Count(kind);
}
