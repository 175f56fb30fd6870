using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Turns;

/// <summary>Takes a machine's turn for a flow, and ends what others have left under way.</summary>
internal sealed class TurnTaking(EngineOptions options)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the turn without holding anything; answers with its epoch.</summary>
    public async Task<long> TakeAsync(
        IFlowContext context, string machine, bool create, bool purges = false)
    {
        (long? seen, string? gone) = (null, null);
        var wait = FirstWait;
        while (true)
        {
            var turn = await context.RunStepAsync(
                PhaseNames.TakeTurn, new TurnInput(
                    machine, context.InstanceId, create, seen, purges ? true : null, gone));
            if (turn.Epoch != 0)
            {
                foreach (var operation in turn.Interrupted)
                    await AbortAsync(context, machine, turn.Epoch, operation);
                return turn.Epoch;
            }
            if (context.IsCancelRequested)
                throw new StepFailedException(
                    PhaseNames.TakeTurn.Name, "canceled", "The job was cancelled.");
            if (turn.Gone is not null)
            {
                gone = turn.Gone;
                continue;
            }
            seen = turn.Seen;
            // Free, but another has had it since: the next try follows at once, or a job that
            // waits longest would always come too late.
            if (turn.HeldBy is null) continue;
            context.Report(new FlowProgress($"waiting for {turn.HeldBy}", 0, 0, "turn"));
            await context.DelayUntilAsync(context.UtcNow + wait);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, MostWait.Ticks));
        }
    }

    /// <summary>
    /// Ends an operation that did not finish: shuts it out of every shard, keeps what it has
    /// completed, and takes it from the manifest.
    /// </summary>
    /// <param name="context">The flow's context.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="epoch">The turn's epoch.</param>
    /// <param name="operation">The operation; 0: the job's own.</param>
    public async Task AbortAsync(
        IFlowContext context, string machine, long epoch, long operation)
    {
        var fence = await context.RunStepAsync(
            PhaseNames.BeginAbort,
            new BeginAbortInput(machine, context.InstanceId, epoch, operation));
        if (fence.Fence == 0) return;
        var chunks = await FanOut.RunAsync(
            context, ChunkNames.FenceShards, fence.Disks,
            (disk, shards, chunk, record) => new ChunkInput(
                machine, disk, fence.Fence, epoch, shards, chunk, record,
                Fence: new FenceChunk(fence.Operation, !fence.MovesBases)),
            options, "ending an unfinished operation", canEnd: false);
        if (fence.MovesBases)
            await context.RunStepAsync(
                PhaseNames.CloseMove,
                new CloseMoveInput(machine, epoch, fence.Operation, chunks, fence.Fence));
        else
            await context.RunStepAsync(
                PhaseNames.CloseAbort,
                new CloseAbortInput(machine, epoch, fence.Operation, fence.Fence));
    }

    /// <summary>Gives the turn back.</summary>
    public static Task FinishAsync(IFlowContext context, string machine, long epoch) =>
        context.RunStepAsync(PhaseNames.FinishTurn, new FinishInput(machine, epoch));
}
