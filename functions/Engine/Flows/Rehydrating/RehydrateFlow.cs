using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>
/// <c>Rehydrate</c>: brings back the archived objects that a range of a version needs, and ends
/// when all can be read: as copies, which readers then have for some days, or by the objects' own
/// tiers. It takes no turn. Asked to end, or after an error, it removes its copies; what changes its
/// own tier comes back all the same.
/// </summary>
internal sealed class RehydrateFlow(EngineOptions options)
    : Flow<RehydrateInput, RehydrateResult>(RehydrateNames.Rehydrate)
{
    /// <inheritdoc/>
    public override async Task<RehydrateResult> RunAsync(
        IFlowContext context, RehydrateInput input)
    {
        var started = context.UtcNow;
        var rehydration = new Rehydration(context, input.Machine, options.Rehydration);
        var range = new PlanRehydrationInput(
            input.Machine, input.Version, input.Disk, input.Offset, input.LengthBytes,
            LastingFor: context.InstanceId);
        var found = await rehydration.LookAsync(range);
        try
        {
            await rehydration.BringBackAsync(found, range, input.Priority);
        }
        catch (Exception error) when (error is SnapshotException or OperationCanceledException)
        {
            await rehydration.EndAsync();
            throw;
        }
        await rehydration.EndAsync(keeps: true);
        return new RehydrateResult(
            input.Machine, found.Version, found.Disk, rehydration.Objects, rehydration.Bytes,
            (long)(context.UtcNow - started).TotalSeconds);
    }
}
