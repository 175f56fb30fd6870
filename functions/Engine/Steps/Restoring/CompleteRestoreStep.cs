using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary><c>CompleteRestore</c>: checks the target's length and puts it under its name.</summary>
public sealed class CompleteRestoreStep(IRestoreTargets targets)
    : Step<PreparedTarget, PreparedTarget>(RestoreSteps.Complete)
{
    /// <inheritdoc/>
    public override async Task<PreparedTarget> RunAsync(
        PreparedTarget input, CancellationToken cancellation)
    {
        await targets.CompleteAsync(input.Request, input.Identity, cancellation);
        return input;
    }
}
