using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary><c>RepairShards</c>: mends some shards side by side.</summary>
public sealed class RepairShardsFlow()
    : Flow<RepairShardsInput, RepairTally>(RepairNames.RepairShards)
{
    /// <inheritdoc/>
    public override async Task<RepairTally> RunAsync(
        IFlowContext context, RepairShardsInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var running = ShardRanges.Parse(input.Shards).Select(s => context.RunStepAsync(
            RepairStepNames.RepairShard,
            new RepairShardInput(
                input.Machine, input.Disk, s, input.Operation, input.Epoch, input.Images)));
        var parts = await Task.WhenAll(running.ToList());
        return parts.Aggregate(new RepairTally(), (sum, part) => sum.Plus(part));
    }
}
