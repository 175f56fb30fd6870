using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Merging;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary><c>MergeShards</c>: makes the merged indexes of a chunk of shards.</summary>
public sealed class MergeShardsFlow() : ShardsFlow(ChunkNames.MergeShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard) =>
        context.RunStepAsync(StepNames.MergeShard, new MergeShardInput(
            input.Machine, input.Disk, shard, input.Operation, input.Merge!.Level,
            input.Merge.Group));
}
