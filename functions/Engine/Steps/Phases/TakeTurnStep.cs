using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>TakeTurn</c>: claims the machine for a job, or tells who has it. A claim follows the epoch
/// that the job has seen, so that of all runs of this step only those take the turn that come
/// before anybody has had it since.
/// </summary>
public sealed class TakeTurnStep(StepServices services)
    : Step<TurnInput, Turn>(PhaseNames.TakeTurn)
{
    /// <inheritdoc/>
    public override async Task<Turn> RunAsync(TurnInput input, CancellationToken cancellation)
    {
        var manifests = services.Manifests;
        // Only who has seen no epoch makes it: who finds it gone later comes after its deletion.
        if (input is { Create: true, After: null }
            && await manifests.FindAsync(input.Machine, cancellation) is null
            && await CreateAsync(input, cancellation) is { } gone)
            return new Turn(0, null, [], Gone: gone);
        if (input.After is not { } after)
        {
            var seen = await manifests.LoadAsync(input.Machine, cancellation);
            if (input.Purges is not true) PurgeRules.RequireKept(seen.Head);
            return new Turn(0, null, [], seen.Head.Epoch);
        }
        try
        {
            var owner = services.OwnerOf(input.Job);
            var claim = await manifests.AcquireTurnAsync(
                input.Machine, owner, after, cancellation);
            var manifest = await manifests.LoadAsync(input.Machine, cancellation);
            if (input.Purges is not true && manifest.Head.Purged is not null)
            {
                await manifests.ReleaseTurnAsync(input.Machine, claim.Epoch, cancellation);
                PurgeRules.RequireKept(manifest.Head);
            }
            return new Turn(claim.Epoch, null,
            [
                .. manifest.Head.Operations
                    .Where(o => !string.Equals(o.Job, input.Job, StringComparison.Ordinal))
                    .Select(o => o.Number),
            ]);
        }
        catch (TurnTakenException taken)
        {
            return new Turn(0, taken.Owner, [], after);
        }
        catch (TurnLostException moved)
        {
            return new Turn(0, null, [], moved.Newest);
        }
    }

    /// <summary>
    /// Makes the machine; or answers what was last deleted of its name, where that is not what the
    /// job has seen. Read before the machine is made, which reads it again behind its own write.
    /// </summary>
    private async Task<string?> CreateAsync(TurnInput input, CancellationToken cancellation)
    {
        var machine = input.Machine;
        var gone = await GoneMachine.NumbersAsync(services.BaseStore, machine, cancellation);
        if (!string.Equals(gone.Mark, input.Gone, StringComparison.Ordinal)) return gone.Mark;
        try
        {
            await services.Manifests.CreateAsync(
                machine, services.Options.Layout, MachinePolicy.Default, gone,
                cancellation);
        }
        catch (RefusedException refused) when (refused.Reason is "machine-exists")
        {
            // Somebody else has just made it, which is as good.
        }
        return null;
    }
}
