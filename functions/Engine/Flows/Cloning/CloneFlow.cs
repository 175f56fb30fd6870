using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Cloning;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>
/// <c>Clone</c>: makes a machine that begins from a version of another one. First the version is
/// pinned there, then the clone's manifest is made; no block moves. Where the origin reads through
/// as many origins as there may be, it is flattened first.
/// </summary>
public sealed class CloneFlow() : Flow<CloneInput, CloneResult>(CloneNames.Clone)
{
    /// <inheritdoc/>
    public override async Task<CloneResult> RunAsync(IFlowContext context, CloneInput input)
    {
        var job = input.Owner ?? context.InstanceId;
        var pin = new PinOriginInput(
            input.Machine, input.Version, input.Name, job);
        var ticket = await context.RunStepAsync(CloneSteps.Pin, pin);
        var isDeep = ticket.Origin is null;
        if (isDeep)
        {
            await context.RunFlowAsync(CloneNames.Flatten, new FlattenFlowInput(input.Machine));
            ticket = await context.RunStepAsync(CloneSteps.Pin, pin);
        }
        if (ticket.Origin is not { } origin)
            throw new StepFailedException(
                CloneSteps.Pin.Name, "refused:too-deep",
                $"'{input.Machine}' was cloned anew while it was flattened: try again.");
        try
        {
            var made = await context.RunStepAsync(
                CloneSteps.Create, new CreateCloneInput(input.Name, origin, Lists: true));
            return new CloneResult(
                input.Name, made.Version, origin.Machine, origin.Version, made.Fingerprint,
                isDeep);
        }
        catch (StepFailedException)
        {
            await context.RunStepAsync(
                CloneSteps.Unpin,
                new UnpinOriginInput(input.Machine, input.Name, job));
            throw;
        }
    }
}
