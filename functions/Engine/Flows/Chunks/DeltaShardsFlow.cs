using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Ingestion;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary><c>DeltaShards</c>: ingests a chunk of shards.</summary>
public sealed class DeltaShardsFlow() : ShardsFlow(ChunkNames.DeltaShards)
{
    /// <inheritdoc/>
    protected override Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard)
    {
        var ingest = input.Ingest!;
        return context.RunStepAsync(StepNames.DeltaShard, new DeltaShardInput(
            input.Machine, input.Disk, shard, input.Operation, ingest.Version, ingest.Newest,
            ingest.Parent, ingest.Source, ingest.Identity, ingest.Format, ingest.DiskBytes,
            ingest.NewestBytes, ingest.Card, input.Epoch));
    }
}
