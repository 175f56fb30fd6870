using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>
/// <c>ReopenMount</c>: lets a mount be written again whose commit has failed; all that was written
/// is still there.
/// </summary>
public sealed class ReopenMountStep(StepServices services)
    : Step<MountJobInput, bool>(MountSteps.Reopen)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        MountJobInput input, CancellationToken cancellation)
    {
        try
        {
            await services.Mounts.ReopenAsync(
                input.Machine, input.Id, input.Job, cancellation);
            return true;
        }
        catch (NoSuchException)
        {
            // There is nothing to open: it was never there, or is gone.
            return false;
        }
    }
}
