using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary><c>LookPurge</c>: tells how a machine's deletion stands.</summary>
public sealed class LookPurgeStep(StepServices services)
    : Step<PurgeStepInput, PurgeMark>(PurgeSteps.Look)
{
    /// <inheritdoc/>
    public override async Task<PurgeMark> RunAsync(
        PurgeStepInput input, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Machine);
        if (await GoneMachine.GoingAsync(services.BaseStore, input.Machine, cancellation)
            is not null)
            return new PurgeMark(PurgeState.Going);
        return MarkPurgeStep.MarkOf(
            (await services.Manifests.LoadAsync(input.Machine, cancellation)).Head);
    }
}
