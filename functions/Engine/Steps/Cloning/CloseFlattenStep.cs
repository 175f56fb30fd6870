using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>CloseFlatten</c>: lists the clone as a machine without an origin. Its pin there is taken away
/// afterwards: a crash between leaves a pin that the sweep drops. Answers the bytes written.
/// </summary>
public sealed class CloseFlattenStep(StepServices services)
    : Step<CloseFlattenInput, long>(CloneSteps.CloseFlatten)
{
    /// <inheritdoc/>
    public override async Task<long> RunAsync(
        CloseFlattenInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Operations.All(o => o.Number != input.Operation)) return 0;
        var outcomes = await RecordChunkStep.LoadAsync(
            services, input.Machine, input.Operation, input.Chunks, cancellation);
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.RequireTurn(input.Epoch);
                if (!edit.CloseOperation(input.Operation)) return ValueTask.CompletedTask;
                edit.SetOrigin(null);
                edit.Retire(
                    input.Operation, [],
                    RecordChunkStep.Names(input.Machine, input.Operation, input.Chunks));
                return ValueTask.CompletedTask;
            },
            cancellation);
        return outcomes.Sum(o => o.Outcome.StoredBytes);
    }
}
