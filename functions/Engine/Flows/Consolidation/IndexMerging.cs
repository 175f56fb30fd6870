using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>Makes merged indexes where there are none, within a turn that the calling flow holds.</summary>
internal static class IndexMerging
{
    /// <summary>Makes those of all complete groups that end at a version or above it.</summary>
    /// <param name="context">The flow's context.</param>
    /// <param name="options">How work is cut.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="epoch">The turn's epoch.</param>
    /// <param name="from">The version; 0: the lowest of the manifest's head.</param>
    public static async Task RunAsync(
        IFlowContext context, EngineOptions options, string machine, long epoch, int from = 0)
    {
        for (var round = 0; ; round++)
        {
            var ticket = await context.RunStepAsync(
                PhaseNames.OpenMerge,
                new OpenMergeInput(machine, context.InstanceId, round, epoch, from));
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
