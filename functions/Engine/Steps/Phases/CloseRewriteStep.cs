using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Rewriting;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>CloseRewrite</c>: in one compare-and-swap, lists the new deltas of an operation in place of
/// those they were made of, takes out the versions that it lets expire, hides others, drops the
/// merged indexes over what has changed, and retires all that nothing lists any more.
/// </summary>
public sealed class CloseRewriteStep(StepServices services)
    : Step<CloseRewriteInput, bool>(PhaseNames.CloseRewrite)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        CloseRewriteInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Operations.All(o => o.Number != input.Operation)) return true;
        var outcomes = await RecordChunkStep.LoadAsync(
            services, input.Machine, input.Operation, input.Chunks, cancellation);
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                if (edit.FindOperation(input.Operation) is not { } operation) return;
                await new EdgeRewriting(edit, operation, outcomes).ApplyAsync(
                    RecordChunkStep.Names(input.Machine, input.Operation, input.Chunks),
                    cancellation);
            },
            cancellation);
        return true;
    }
}
