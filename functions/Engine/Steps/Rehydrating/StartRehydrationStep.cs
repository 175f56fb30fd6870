using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>StartRehydration</c>: asks archived objects back, each into the tier in which the engine
/// writes its kind. Run again it asks only for what is not on its way; with high priority it
/// hurries that too.
/// </summary>
public sealed class StartRehydrationStep(StepServices services)
    : Step<StartRehydrationInput, RehydrationState>(RehydrationSteps.Start)
{
    /// <inheritdoc/>
    public override async Task<RehydrationState> RunAsync(
        StartRehydrationInput input, CancellationToken cancellation)
    {
        var archived = new ArchivedData(services.BaseStore, services.DeltaStore);
        var waiting = 0;
        foreach (var name in input.Names)
        {
            var store = archived.StoreOf(name);
            var found = await store.FindAsync(name, cancellation);
            if (found is not { Tier: StorageTier.Archive }) continue;
            waiting++;
            if (found.RehydratingTo is not null && input.Priority != RehydrationPriority.High)
                continue;
            try
            {
                await store.SetTierAsync(
                    name, found.RehydratingTo ?? TierOf(name), input.Priority, cancellation);
            }
            catch (StoreException error)
                when (error is ObjectNotFoundException or ObjectArchivedException)
            {
                // Gone meanwhile, or on its way to another tier: nothing is left to be asked.
            }
        }
        return new RehydrationState(waiting);
    }

    private StorageTier TierOf(string name)
    {
        var options = services.Options;
        var tier = ObjectNames.TryParseDelta(name, out _, out var delta)
            ? delta.IsForward ? options.ForwardTier : options.ReverseTier
            : ObjectNames.TryParsePack(name, out _, out _, out _)
                ? options.ReverseTier : options.BaseTier;
        return tier == StorageTier.Archive ? StorageTier.Cool
            : tier == StorageTier.Default ? StorageTier.Hot : tier;
    }
}
