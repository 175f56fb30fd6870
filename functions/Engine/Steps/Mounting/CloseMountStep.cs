using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;

namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>
/// <c>CloseMount</c>: removes some of what a mount has left whose version is made: the pin, then the
/// chunks, then the record. Answers whether nothing is left.
/// </summary>
public sealed class CloseMountStep(StepServices services)
    : Step<MountJobInput, bool>(MountSteps.Close)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        MountJobInput input, CancellationToken cancellation)
    {
        try
        {
            await services.Mounts.Records.UpdateAsync(
                input.Machine, input.Id,
                record => record.State switch
                {
                    MountState.Committed => record,
                    MountState.Committing when string.Equals(
                        record.Job, input.Job, StringComparison.Ordinal) =>
                        record with { State = MountState.Committed },
                    _ => throw new RefusedException(
                        "mount-state",
                        $"Mount '{input.Id}' is {record.State} and not committed by job "
                        + $"'{input.Job}'."),
                },
                cancellation);
            return await services.Mounts.RemoveSomeAsync(input.Machine, input.Id, cancellation);
        }
        catch (NoSuchException)
        {
            // An earlier run has removed it.
            return true;
        }
    }
}
