using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// <c>OpenRepair</c>: lists an operation that may commit the bases of some shards. It creates
/// nothing: what it writes besides are the very bytes of objects that are listed already.
/// </summary>
public sealed class OpenRepairStep(StepServices services)
    : Step<OpenRepairInput, RepairTicket>(RepairStepNames.OpenRepair)
{
    /// <inheritdoc/>
    public override async Task<RepairTicket> RunAsync(
        OpenRepairInput input, CancellationToken cancellation)
    {
        RepairTicket? ticket = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.RequireTurn(input.Epoch);
                var operation = edit.Head.Operations.FirstOrDefault(
                    o => string.Equals(o.Job, input.Job, StringComparison.Ordinal))
                    ?? edit.IssueOperation(number => new OperationRecord
                    {
                        Number = number,
                        Kind = OperationKinds.Repair,
                        Started = edit.Now,
                        Job = input.Job,
                        Bases = [.. BasesOf(edit.Head, input)],
                    });
                ticket = new RepairTicket(
                    operation.Number,
                    [.. operation.Bases.Select(b => new Steps.Phases.DiskShards(
                        b.Disk, b.Shards.ToString()))]);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return ticket!;
    }

    private static IEnumerable<BaseSet> BasesOf(ManifestHead head, OpenRepairInput input)
    {
        if (input.Disks.Count > 0)
            return input.Disks.Select(d => new BaseSet(d.Disk, ShardRanges.Parse(d.Shards)));
        return head.Disks
            .Select(d => (d.Name, Count: head.Layout.ShardsOf(d.SizeBytes)))
            .Where(d => d.Count > 0)
            .Select(d => new BaseSet(d.Name, ShardRanges.Range(0, d.Count - 1)));
    }
}
