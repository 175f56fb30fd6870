using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>
/// <c>Consolidate</c>: moves the base to another version. When a shard fails or the job is
/// cancelled, the shards that were moved stay moved and the others stay where they are: each
/// resolves by itself.
/// </summary>
public sealed class ConsolidateFlow(EngineOptions options)
    : Flow<ConsolidateInput, ConsolidateResult>(FlowNames.Consolidate)
{
    private readonly TurnTaking _turns = new(options);
    private readonly BaseMoving _moving = new(options);

    /// <inheritdoc/>
    public override async Task<ConsolidateResult> RunAsync(
        IFlowContext context, ConsolidateInput input)
    {
        var epoch = await _turns.TakeAsync(context, input.Machine, create: false);
        try
        {
            var (target, operations) = await _moving.RunAsync(
                context, input.Machine, epoch, input.Base);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            return new ConsolidateResult(input.Machine, target, operations);
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }
}
