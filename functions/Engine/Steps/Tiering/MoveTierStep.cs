using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// <c>MoveTier</c>: moves objects to colder tiers. It looks first: a repeat finds them there and is
/// billed for the look alone. Bytes never change, so a run that comes too late does no harm but
/// its price; the turn is checked for that. Packs' tiers are told to the manifest at last.
/// </summary>
public sealed class MoveTierStep(StepServices services)
    : Step<MoveTierInput, MoveTierOutcome>(TierSteps.MoveName)
{
    /// <inheritdoc/>
    public override async Task<MoveTierOutcome> RunAsync(
        MoveTierInput input, CancellationToken cancellation)
    {
        PlanTierStep.RequireTurn(
            await services.Manifests.LoadAsync(input.Machine, cancellation), input.Epoch);
        var (moved, bytes) = (0, 0L);
        var packs = new Dictionary<(long Operation, int Number), StorageTier>();
        foreach (var move in input.Moves)
        {
            if (!await MoveAsync(move, cancellation)) continue;
            moved++;
            bytes += move.LengthBytes;
            if (ObjectNames.TryParsePack(move.Name, out _, out var operation, out var number))
                packs[(operation, number)] = move.Tier;
        }
        if (packs.Count > 0) await TellAsync(input, packs, cancellation);
        return new MoveTierOutcome(moved, bytes);
    }

    private async Task<bool> MoveAsync(TierMove move, CancellationToken cancellation)
    {
        var found = await services.DeltaStore.FindAsync(move.Name, cancellation);
        // Gone, already on its way back, or colder by now: what was planned is past.
        if (found is null || found.RehydratingTo is not null || found.Tier > move.Tier) return false;
        if (found.Tier == move.Tier) return true;
        try
        {
            await services.DeltaStore.SetTierAsync(move.Name, move.Tier, cancellation);
            return true;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
    }

    private async Task TellAsync(
        MoveTierInput input, Dictionary<(long Operation, int Number), StorageTier> packs,
        CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                foreach (var ((operation, number), tier) in packs)
                {
                    var listed = await edit.PacksAsync(operation, cancellation);
                    var pack = listed.FirstOrDefault(p => p.Number == number);
                    if (pack is null || pack.Tier == tier) continue;
                    await edit.ReplacePackAsync(
                        pack with { Tier = tier, TierChanged = input.At }, cancellation);
                }
            },
            cancellation);
    }
}
