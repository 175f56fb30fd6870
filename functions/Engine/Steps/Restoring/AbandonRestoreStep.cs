using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>AbandonRestore</c>: removes what was made of a new target. One that is written onto stays,
/// partly changed: running the restore again completes it.
/// </summary>
public sealed class AbandonRestoreStep(IRestoreTargets targets)
    : Step<PreparedTarget, PreparedTarget>(RestoreSteps.Abandon)
{
    /// <inheritdoc/>
    public override async Task<PreparedTarget> RunAsync(
        PreparedTarget input, CancellationToken cancellation)
    {
        await targets.AbandonAsync(input.Request, input.Identity, cancellation);
        return input;
    }
}
