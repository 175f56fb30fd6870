using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary>
/// Runs one step for each shard of a chunk, side by side, and answers with their outcomes. The
/// runner bounds how many run at once; the chunk bounds how long one history grows.
/// </summary>
public abstract class ShardsFlow(FlowName<ChunkInput, ChunkRecord> name)
    : Flow<ChunkInput, ChunkRecord>(name)
{
    /// <inheritdoc/>
    public override async Task<ChunkRecord> RunAsync(IFlowContext context, ChunkInput input)
    {
        var running = new List<Task<ShardOutcome>>();
        foreach (var shard in ShardRanges.Parse(input.Shards))
            running.Add(RunShardAsync(context, input, shard));
        var outcomes = await Task.WhenAll(running);
        var record = new ChunkRecord(input.Disk, OutcomeList.Pack(outcomes), input.Chunk);
        return input.Record
            ? await context.RunStepAsync(
                PhaseNames.RecordChunk,
                new RecordChunkInput(input.Machine, input.Operation, record))
            : record;
    }

    /// <summary>Runs the step of one shard.</summary>
    protected abstract Task<ShardOutcome> RunShardAsync(
        IFlowContext context, ChunkInput input, int shard);
}
