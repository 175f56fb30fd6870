using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>FinishTurn</c>: keeps a dated copy of the head in both placements, deletes what has been
/// retired for longer than the grace period, and gives the turn back.
/// </summary>
public sealed class FinishTurnStep(StepServices services)
    : Step<FinishInput, bool>(PhaseNames.FinishTurn)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(FinishInput input, CancellationToken cancellation)
    {
        var manifests = services.Manifests;
        await manifests.ReleaseTurnAsync(input.Machine, input.Epoch, cancellation);
        var manifest = await manifests.LoadAsync(input.Machine, cancellation);
        // Somebody has had the turn since: a late run would write an old copy of a newer head.
        if (manifest.Head.Epoch != input.Epoch) return true;
        if (manifest.Head.NextOperation > 1)
            await manifests.CopyHeadAsync(
                input.Machine, manifest.Head.NextOperation - 1, cancellation);
        await manifests.SweepAsync(input.Machine, services.Time.GetUtcNow(), cancellation);
        return true;
    }
}
