using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>CloseAbort</c>: takes an operation that was shut out and all its fences from the manifest,
/// and retires every delta and machine file that it may have written: their names are never listed
/// again.
/// </summary>
public sealed class CloseAbortStep(StepServices services)
    : Step<CloseAbortInput, bool>(PhaseNames.CloseAbort)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        CloseAbortInput input, CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                var fences = edit.Head.Operations
                    .Where(o => o.Fences == input.Operation).Select(o => o.Number).ToList();
                foreach (var fence in fences) edit.CloseOperation(fence);
                if (edit.FindOperation(input.Operation) is { } operation)
                {
                    edit.CloseOperation(operation.Number);
                    edit.Retire(
                        operation.Number, operation.Creates,
                        [
                            .. (operation.Merges ?? []).SelectMany(m => m.Names(input.Machine)),
                            .. (operation.Packs ?? []).Select(p => p.ObjectName(input.Machine)),
                            .. RecordChunkStep.All(input.Machine, [operation.Number, .. fences]),
                        ]);
                    await edit.RetireFilesAsync(
                        operation.Number, operation.Files, cancellation);
                }
            },
            cancellation);
        return true;
    }
}
