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
    /// <summary>Before the job is written down there is none to cancel.</summary>
    private static async Task AskAsync(Life life)
    {
        try
        {
            await life.Runner.RequestCancelAsync("job");
        }
        catch (NoSuchException)
        {
            // It is about to be started.
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
