using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Rewriting;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary><c>ComposeShards</c>: makes one delta of several for a chunk of shards.</summary>
public sealed class ComposeShardsFlow() : ShardsFlow(ChunkNames.ComposeShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard) =>
        context.RunStepAsync(StepNames.ComposeShard, new ComposeShardInput(
            input.Machine, input.Disk, shard, input.Operation, input.Epoch, input.Compose!.From,
            input.Compose.To));
}
