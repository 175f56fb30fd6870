using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>Makes merged indexes, within a turn that the calling flow holds.</summary>
internal sealed class IndexMerging(EngineOptions options)
{
    /// <summary>
    /// Makes those of the groups that have become complete, or of the groups that reach into a
    /// span of versions whose deltas have changed.
    /// </summary>
    public async Task RunAsync(
        IFlowContext context, string machine, long epoch, int above = 0, int upTo = 0)
    {
        for (var round = 0; ; round++)
        {
            var ticket = await context.RunStepAsync(
                PhaseNames.OpenMerge,
                new OpenMergeInput(machine, context.InstanceId, round, epoch, above, upTo));
            if (ticket.Operation == 0) return;
            await FanOut.RunAsync(
                context, ChunkNames.MergeShards, ticket.Disks,
                (disk, shards, chunk, _) => new ChunkInput(
                    machine, disk, ticket.Operation, epoch, shards, chunk, Record: false,
                    Merge: new MergeChunk(ticket.Level, ticket.Group)),
                options, "merging indexes", canEnd: true);
            await context.RunStepAsync(
                PhaseNames.CloseMerge, new CloseMergeInput(machine, epoch, ticket));
        }
    }
}
