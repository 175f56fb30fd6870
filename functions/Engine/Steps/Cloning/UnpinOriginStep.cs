using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>UnpinOrigin</c>: takes the pin of a job that has made a clone, or has tried to, away, unless
/// there is the clone and rests on it.
/// </summary>
public sealed class UnpinOriginStep(StepServices services)
    : Step<UnpinOriginInput, bool>(CloneSteps.Unpin)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        UnpinOriginInput input, CancellationToken cancellation)
    {
        if (await services.Manifests.FindAsync(input.Machine, cancellation) is null) return false;
        var clone = await services.Manifests.FindAsync(input.Name, cancellation);
        if (clone is not null && PinOriginStep.IsOf(clone.Head.Origin, input.Job)) return false;
        var owner = OriginRecord.PinOwner(input.Name, input.Job);
        var isTaken = false;
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                foreach (var pin in edit.Head.Pins ?? [])
                    if (string.Equals(pin.Owner, owner, StringComparison.Ordinal))
                        isTaken |= edit.Unpin(pin.Version, owner);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return isTaken;
    }
}
