using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary><c>PatchShards</c>: moves the bases of a chunk of shards.</summary>
public sealed class PatchShardsFlow() : ShardsFlow(ChunkNames.PatchShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard) =>
        context.RunStepAsync(StepNames.PatchShard, new PatchShardInput(
            input.Machine, input.Disk, shard, input.Operation, input.Epoch));
}
