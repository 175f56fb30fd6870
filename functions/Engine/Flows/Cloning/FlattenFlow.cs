using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Cloning;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>
/// <c>Flatten</c>: gives a clone every block that it shares with its origin, so that it needs it no
/// more. Stopped half way, the shards that are done stay done, and the clone rests on its origin
/// with the others.
/// </summary>
public sealed class FlattenFlow(EngineOptions options)
    : Flow<FlattenFlowInput, FlattenResult>(CloneNames.Flatten)
{
    private readonly TurnTaking _turns = new(options);
    private readonly BaseMoving _moving = new(options);

    /// <inheritdoc/>
    public override async Task<FlattenResult> RunAsync(
        IFlowContext context, FlattenFlowInput input)
    {
        var epoch = await _turns.TakeAsync(context, input.Machine, create: false);
        try
        {
            var (ticket, stored) = await FlattenAsync(context, input.Machine, epoch);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            if (ticket.Origin is not { } origin || ticket.Operation == 0)
                return new FlattenResult(input.Machine, null, 0, 0);
            await context.RunStepAsync(
                CloneSteps.Unpin,
                new UnpinOriginInput(origin.Machine, input.Machine, origin.Job));
            return new FlattenResult(input.Machine, origin.Machine, origin.Version, stored);
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }

    private async Task<(FlattenTicket Ticket, long StoredBytes)> FlattenAsync(
        IFlowContext context, string machine, long epoch)
    {
        var input = new FlattenInput(machine, context.InstanceId, epoch);
        var ticket = await context.RunStepAsync(CloneSteps.OpenFlatten, input);
        if (ticket.MoveTo != 0)
        {
            await _moving.RunAsync(context, machine, epoch, ticket.MoveTo);
            ticket = await context.RunStepAsync(CloneSteps.OpenFlatten, input);
        }
        if (ticket.Operation == 0) return (ticket, 0);
        var chunks = await FanOut.RunAsync(
            context, CloneNames.FlattenShards, ticket.Disks,
            (disk, shards, chunk, record) => new ChunkInput(
                machine, disk, ticket.Operation, epoch, shards, chunk, record),
            options, "flattening", canEnd: true);
        return (ticket, await context.RunStepAsync(
            CloneSteps.CloseFlatten,
            new CloseFlattenInput(machine, epoch, ticket.Operation, chunks)));
    }
}
