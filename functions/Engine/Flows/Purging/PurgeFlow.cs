using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Cloning;
using SnapshotFunctions.Engine.Steps.Purging;

namespace SnapshotFunctions.Engine.Flows.Purging;

/// <summary>
/// <c>Purge</c>: deletes a machine. First it is marked, under its turn: nothing changes it any more,
/// readers go on, and it can be taken back. Once the grace period is over, the next purge or upkeep
/// deletes the manifest, then takes away the pin that it has on its origin, then deletes all else.
/// A new machine of the name can only be made when that is done.
/// </summary>
public sealed class PurgeFlow(EngineOptions options)
    : Flow<PurgeInput, PurgeResult>(PurgeNames.Purge)
{
    private readonly TurnTaking _turns = new(options);

    /// <inheritdoc/>
    public override async Task<PurgeResult> RunAsync(IFlowContext context, PurgeInput input)
    {
        var step = new PurgeStepInput(input.Machine);
        var mark = await context.RunStepAsync(PurgeSteps.Look, step);
        if (input.Cancel)
        {
            if (mark.State == PurgeState.Going)
                throw new StepFailedException(
                    PurgeSteps.Mark.Name, "refused:machine-going",
                    $"'{input.Machine}' is being deleted: that cannot be taken back.");
            if (mark.State == PurgeState.Marked)
                await context.RunStepAsync(
                    PurgeSteps.Mark, new MarkPurgeInput(input.Machine, 0, mark.Since));
            return new PurgeResult(input.Machine, false, null, 0, 0);
        }
        if (mark.State != PurgeState.Going)
        {
            mark = await MarkAsync(context, input.Machine);
            if (!input.AtOnce && mark.Due > context.UtcNow)
                return new PurgeResult(input.Machine, false, mark.Due, 0, 0);
        }
        step = step with { Since = mark.Since };
        var gone = await context.RunStepAsync(PurgeSteps.DeleteHead, step);
        if (gone is { OriginMachine: { } origin, OriginJob: { } job })
            await context.RunStepAsync(
                CloneSteps.Unpin, new UnpinOriginInput(origin, input.Machine, job));
        var (objects, bytes) = (0L, 0L);
        while (true)
        {
            var batch = await context.RunStepAsync(PurgeSteps.DeleteObjects, step);
            objects += batch.Objects;
            bytes += batch.Bytes;
            context.Report(new FlowProgress("deleting", objects, 0, "objects"));
            if (batch.IsLast) break;
        }
        return new PurgeResult(input.Machine, true, null, objects, bytes);
    }

    private async Task<PurgeMark> MarkAsync(IFlowContext context, string machine)
    {
        var epoch = await _turns.TakeAsync(context, machine, create: false, purges: true);
        try
        {
            return await context.RunStepAsync(PurgeSteps.Mark, new MarkPurgeInput(machine, epoch));
        }
        finally
        {
            await TurnTaking.FinishAsync(context, machine, epoch);
        }
    }
}
