using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>
/// Moves bases to a version, in operations of at most 16 versions each, within a turn that the
/// calling flow holds.
/// </summary>
internal sealed class BaseMoving(EngineOptions options)
{
    private readonly IndexMerging _merging = new(options);

    /// <summary>Moves the bases; a version of 0 lets the machine's rule choose.</summary>
    /// <returns>Where the base is meant to stand, and how many operations it took.</returns>
    public async Task<(int Target, int Operations)> RunAsync(
        IFlowContext context, string machine, long epoch, int target)
    {
        for (var hop = 0; ; hop++)
        {
            var ticket = await context.RunStepAsync(
                PhaseNames.OpenMove,
                new OpenMoveInput(machine, context.InstanceId, hop, epoch, target));
            if (ticket.Operation == 0)
            {
                if (hop > 0) await _merging.RunAsync(context, machine, epoch);
                return (ticket.Target, hop);
            }
            // The rule has chosen once; what it would say of a later hop is not asked.
            target = ticket.Target;
            var chunks = await FanOut.RunAsync(
                context, ChunkNames.PatchShards, ticket.Disks,
                (disk, shards, chunk, record) => new ChunkInput(
                    machine, disk, ticket.Operation, epoch, shards, chunk, record),
                options, "moving the base", canEnd: true);
            await context.RunStepAsync(
                PhaseNames.CloseMove,
                new CloseMoveInput(machine, epoch, ticket.Operation, chunks));
        }
    }
}
