using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary><c>CheckRehydration</c>: tells how many of some objects cannot be read yet.</summary>
public sealed class CheckRehydrationStep(StepServices services)
    : Step<CheckRehydrationInput, RehydrationState>(RehydrationSteps.Check)
{
    /// <inheritdoc/>
    public override async Task<RehydrationState> RunAsync(
        CheckRehydrationInput input, CancellationToken cancellation)
    {
        var archived = new ArchivedData(services.BaseStore, services.DeltaStore);
        var waiting = 0;
        foreach (var name in input.Names)
        {
            var found = await archived.StoreOf(name).FindAsync(name, cancellation);
            if (found is { Tier: StorageTier.Archive }) waiting++;
        }
        return new RehydrationState(waiting);
    }
}
