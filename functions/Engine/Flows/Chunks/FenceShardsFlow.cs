using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary><c>FenceShards</c>: shuts an operation out of a chunk of shards.</summary>
public sealed class FenceShardsFlow() : ShardsFlow(ChunkNames.FenceShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard) =>
        context.RunStepAsync(StepNames.FenceShard, new FenceShardInput(
            input.Machine, input.Disk, shard, input.Fence!.Fenced, input.Operation,
            input.Fence.Empties));
}
