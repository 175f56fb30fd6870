using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary><c>CloseMerge</c>: lists merged indexes and takes the operation from the manifest.</summary>
public sealed class CloseMergeStep(StepServices services)
    : Step<CloseMergeInput, bool>(PhaseNames.CloseMerge)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        CloseMergeInput input, CancellationToken cancellation)
    {
        var ticket = input.Ticket;
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.RequireTurn(input.Epoch);
                var operation = edit.FindOperation(ticket.Operation);
                if (operation is null) return ValueTask.CompletedTask;
                foreach (var merged in operation.Merges ?? []) edit.AddMerged(merged);
                edit.CloseOperation(ticket.Operation);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return true;
    }
}
