using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary><c>PrepareTarget</c>: makes a restore's target ready.</summary>
public sealed class PrepareTargetStep(IRestoreTargets targets)
    : Step<RestoreTargetRequest, PreparedTarget>(RestoreSteps.Prepare)
{
    /// <inheritdoc/>
    public override async Task<PreparedTarget> RunAsync(
        RestoreTargetRequest input, CancellationToken cancellation) =>
        new(input, await targets.PrepareAsync(input, cancellation));
}
