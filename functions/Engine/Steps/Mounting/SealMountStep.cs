using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;

namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>
/// <c>SealMount</c>: writes down which chunks are ingested, and in which states. The seal is written
/// last and once; a crash before leaves lists that the next run writes again, byte for byte, or that
/// go with the mount.
/// </summary>
public sealed class SealMountStep(StepServices services)
    : Step<SealMountInput, bool>(MountSteps.Seal)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        SealMountInput input, CancellationToken cancellation)
    {
        var mount = await services.Mounts.Records.LoadAsync(
            input.Machine, input.Id, cancellation);
        if (mount.State is not MountState.Committing
            || !string.Equals(mount.Job, input.Job, StringComparison.Ordinal))
            throw new RefusedException(
                "mount-state",
                $"Mount '{input.Id}' is {mount.State} and not committed by job '{input.Job}'.");
        await new MountSeals(services.BaseStore).MakeAsync(mount, input.Seal, cancellation);
        return true;
    }
}
