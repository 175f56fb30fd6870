using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Steps.Tiering;

namespace SnapshotFunctions.Engine.Flows.Tiering;

/// <summary>
/// <c>Tier</c>: copies small deltas into packs, then moves what goes by itself. Packs come first:
/// what none has room for may still move by itself. When a step fails or the job is cancelled,
/// what has moved stays moved, and a pack under way is given up whole.
/// </summary>
public sealed class TieringFlow(EngineOptions options)
    : Flow<TierInput, TierResult>(TierNames.Tier)
{
    private const int MovesAStep = 16;

    private readonly TurnTaking _turns = new(options);
    private readonly IndexMerging _merging = new(options);

    /// <inheritdoc/>
    public override async Task<TierResult> RunAsync(IFlowContext context, TierInput input)
    {
        var epoch = await _turns.TakeAsync(context, input.Machine, create: false);
        try
        {
            var packed = await PackAsync(context, input.Machine, epoch);
            var result = await MoveAsync(context, input.Machine, epoch, packed);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            return result;
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }

    private async Task<TierResult> PackAsync(IFlowContext context, string machine, long epoch)
    {
        var result = new TierResult(machine, 0, 0, 0, 0, 0, 0);
        var (lowest, highest) = (int.MaxValue, 0);
        TierCursor? cursor = TierCursor.Start;
        for (var (round, operations) = (0, 0);
            cursor is not null && operations < options.Tiering.MostOperations; round++)
        {
            EndIfCancelled(context);
            var ticket = await context.RunStepAsync(
                TierSteps.OpenPackName,
                new OpenPackInput(machine, context.InstanceId, round, epoch, cursor));
            cursor = ticket.Next;
            if (ticket.Operation == 0) continue;
            operations++;
            context.Report(new FlowProgress("packing", result.Packs, 0, "packs"));
            var running = Enumerable.Range(1, ticket.Packs).Select(n => context.RunStepAsync(
                TierSteps.WritePackName,
                new WritePackInput(machine, ticket.Operation, n, epoch))).ToList();
            var packs = await Task.WhenAll(running);
            await context.RunStepAsync(
                TierSteps.ClosePackName,
                new ClosePackInput(machine, epoch, ticket.Operation, packs));
            lowest = Math.Min(lowest, ticket.Lowest);
            highest = Math.Max(highest, ticket.Highest);
            result = result with
            {
                Packs = result.Packs + packs.Length,
                Packed = result.Packed + packs.Sum(p => p.Members),
                PackedBytes = result.PackedBytes + packs.Sum(p => p.LengthBytes),
            };
        }
        // The merged indexes that named the old deltas were dropped with them.
        if (result.Packs > 0)
            await _merging.RunAsync(context, machine, epoch, lowest - 1, highest);
        return result;
    }

    private static async Task<TierResult> MoveAsync(
        IFlowContext context, string machine, long epoch, TierResult result)
    {
        for (TierCursor? cursor = TierCursor.Start; cursor is not null;)
        {
            EndIfCancelled(context);
            var ticket = await context.RunStepAsync(
                TierSteps.PlanName, new PlanTierInput(machine, epoch, cursor));
            cursor = ticket.Next;
            context.Report(new FlowProgress("moving", result.Moved, 0, "objects"));
            var running = ticket.Moves.Chunk(MovesAStep).Select(moves => context.RunStepAsync(
                TierSteps.MoveName, new MoveTierInput(machine, epoch, ticket.At, moves))).ToList();
            var moved = await Task.WhenAll(running);
            result = result with
            {
                Looked = result.Looked + ticket.Looked,
                Moved = result.Moved + moved.Sum(m => m.Moved),
                MovedBytes = result.MovedBytes + moved.Sum(m => m.Bytes),
            };
        }
        return result;
    }

    private static void EndIfCancelled(IFlowContext context)
    {
        if (context.IsCancelRequested)
            throw new StepFailedException(
                TierNames.Tier.Name, "canceled", "The job was cancelled.");
    }
}
