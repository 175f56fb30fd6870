using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>
/// <c>Repair</c>: takes the machine's turn, lists an operation, and mends shard by shard what is
/// damaged and can be had from elsewhere.
/// </summary>
public sealed class RepairFlow(EngineOptions options)
    : Flow<RepairInput, RepairResult>(RepairNames.Repair)
{
    private readonly TurnTaking _turns = new(options);

    /// <inheritdoc/>
    public override async Task<RepairResult> RunAsync(IFlowContext context, RepairInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var epoch = await _turns.TakeAsync(context, input.Machine, create: false);
        try
        {
            var ticket = await context.RunStepAsync(
                RepairStepNames.OpenRepair,
                new OpenRepairInput(
                    input.Machine, context.InstanceId, epoch, input.Disks ?? []));
            var tally = await ShardsAsync(context, input, ticket, epoch);
            await context.RunStepAsync(
                PhaseNames.CloseMove,
                new CloseMoveInput(input.Machine, epoch, ticket.Operation, []));
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            return new RepairResult(input.Machine, tally);
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }

    private async Task<RepairTally> ShardsAsync(
        IFlowContext context, RepairInput input, RepairTicket ticket, long epoch)
    {
        var tally = new RepairTally();
        var total = ticket.Disks.Sum(d => ShardRanges.Parse(d.Shards).Count);
        foreach (var disk in ticket.Disks)
        {
            foreach (var chunk in ShardRanges.Parse(disk.Shards).Chunk(options.ChunkSteps))
            {
                if (context.IsCancelRequested)
                    throw new StepFailedException(
                        RepairNames.Repair.Name, "canceled", "The job was cancelled.");
                context.Report(new FlowProgress("repairing", tally.Shards, total, "shards"));
                tally = tally.Plus(await context.RunFlowAsync(
                    RepairNames.RepairShards,
                    new RepairShardsInput(
                        input.Machine, disk.Disk, ShardRanges.Of(chunk).ToString(),
                        ticket.Operation, epoch, input.Images ?? [])));
            }
        }
        context.Report(new FlowProgress("repairing", total, total, "shards"));
        return tally;
    }
}
