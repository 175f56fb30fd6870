using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>BeginAbort</c>: lists a fence, an operation with a newer number that shuts an unfinished one
/// out of every base that it might still commit. What commits no base needs none.
/// </summary>
public sealed class BeginAbortStep(StepServices services)
    : Step<BeginAbortInput, FenceTicket>(PhaseNames.BeginAbort)
{
    /// <inheritdoc/>
    public override async Task<FenceTicket> RunAsync(
        BeginAbortInput input, CancellationToken cancellation)
    {
        var ticket = new FenceTicket(0, 0, false, []);
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = Begin(edit, input);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return ticket;
    }

    private static FenceTicket Begin(ManifestEdit edit, BeginAbortInput input)
    {
        var operation = input.Operation != 0
            ? edit.FindOperation(input.Operation)
            : edit.Head.Operations.FirstOrDefault(o => o.Fences == 0 && IsOf(o, input.Job));
        if (operation is null || operation.Fences != 0) return new FenceTicket(0, 0, false, []);
        // A base that a repair or a flattening has committed holds what it held before: it is no
        // half version.
        var movesBases = operation.Kind is OperationKinds.Forwards or OperationKinds.Backwards
            or OperationKinds.Repair or OperationKinds.Flatten;
        var known = edit.Head.Operations.FirstOrDefault(
            o => o.Fences == operation.Number && IsOf(o, input.Job));
        var fence = known ?? edit.IssueOperation(number => new OperationRecord
        {
            Number = number,
            Kind = OperationKinds.Fence,
            Started = edit.Now,
            Job = input.Job,
            Fences = operation.Number,
            Bases = operation.Bases,
        });
        return new FenceTicket(
            fence.Number, operation.Number, movesBases,
            [.. fence.Bases.Select(b => new DiskShards(b.Disk, b.Shards.ToString()))]);
    }

    /// <summary>Whether an operation is a job's; those of its hops carry their number behind.</summary>
    private static bool IsOf(OperationRecord operation, string job) =>
        string.Equals(operation.Job, job, StringComparison.Ordinal)
        || operation.Job.StartsWith($"{job}#", StringComparison.Ordinal);
}
