using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary><c>TakeTurn</c>: claims the machine for a job, or tells who has it.</summary>
public sealed class TakeTurnStep(StepServices services)
    : Step<TurnInput, Turn>(PhaseNames.TakeTurn)
{
    /// <inheritdoc/>
    public override async Task<Turn> RunAsync(TurnInput input, CancellationToken cancellation)
    {
        var manifests = services.Manifests;
        if (input.Create && await manifests.FindAsync(input.Machine, cancellation) is null)
            await CreateAsync(input.Machine, cancellation);
        try
        {
            var owner = services.OwnerOf(input.Job);
            var claim = await manifests.AcquireTurnAsync(input.Machine, owner, cancellation);
            var manifest = await manifests.LoadAsync(input.Machine, cancellation);
            return new Turn(claim.Epoch, null,
            [
                .. manifest.Head.Operations
                    .Where(o => !string.Equals(o.Job, input.Job, StringComparison.Ordinal))
                    .Select(o => o.Number),
            ]);
        }
        catch (TurnTakenException taken)
        {
            return new Turn(0, taken.Owner, []);
        }
    }

    private async Task CreateAsync(string machine, CancellationToken cancellation)
    {
        try
        {
            await services.Manifests.CreateAsync(
                machine, services.Options.Layout, MachinePolicy.Default, cancellation);
        }
        catch (OvertakenException)
        {
            // Somebody else has just made it, which is as good.
        }
    }
}
