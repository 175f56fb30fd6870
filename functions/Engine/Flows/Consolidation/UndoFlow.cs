using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>
/// <c>Undo</c>: takes the newest version back. It is marked withdrawn first, then the base moves
/// back where it stands there, then the version leaves the lists; its number is not given again.
/// </summary>
public sealed class UndoFlow(EngineOptions options)
    : Flow<UndoInput, UndoResult>(FlowNames.Undo)
{
    private readonly TurnTaking _turns = new(options);
    private readonly BaseMoving _moving = new(options);

    /// <inheritdoc/>
    public override async Task<UndoResult> RunAsync(IFlowContext context, UndoInput input)
    {
        var epoch = await _turns.TakeAsync(context, input.Machine, create: false);
        try
        {
            UndoTicket ticket;
            do
            {
                ticket = await context.RunStepAsync(
                    PhaseNames.Withdraw, new UndoPhaseInput(input.Machine, epoch, input.Version));
                await _moving.RunAsync(context, input.Machine, epoch, ticket.Newest);
                await context.RunStepAsync(
                    PhaseNames.CloseUndo,
                    new UndoPhaseInput(input.Machine, epoch, ticket.Withdrawn));
            }
            while (ticket.WasHidden);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            return new UndoResult(input.Machine, ticket.Withdrawn, ticket.Newest);
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }
}
