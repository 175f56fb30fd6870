using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Cloning;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary><c>FlattenShards</c>: gives the bases of a chunk of shards all their blocks.</summary>
public sealed class FlattenShardsFlow() : ShardsFlow(CloneNames.FlattenShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard) =>
        context.RunStepAsync(CloneSteps.FlattenShard, new FlattenShardInput(
            input.Machine, input.Disk, shard, input.Operation, input.Epoch));
}
