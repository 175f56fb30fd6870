using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;

namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>
/// <c>FreezeMount</c>: names the job in the mount's record, in one write. Every writer looks at the
/// record after its last byte, so from here on none is acknowledged. A crash after it leaves a
/// mount that the job's next run, or the end of the job, takes up.
/// </summary>
public sealed class FreezeMountStep(StepServices services)
    : Step<FreezeMountInput, FrozenMount>(MountSteps.Freeze)
{
    /// <inheritdoc/>
    public override async Task<FrozenMount> RunAsync(
        FreezeMountInput input, CancellationToken cancellation)
    {
        CheckClone(input.Machine, input.CloneName);
        var mount = await services.Mounts.Records.UpdateAsync(
            input.Machine, input.Id, record => Freeze(record, input), cancellation);
        var version = await services.Files.FindAsync(
            input.Machine, mount.Version, cancellation);
        return new FrozenMount(
            mount.Version, mount.Generation, [.. mount.Disks.Select(d => d.Name)],
            [.. (version.Files ?? []).Select(f => f.Name)]);
    }

    /// <summary>Checks the name of a clone to commit to.</summary>
    /// <exception cref="RefusedException">It is no name, or the machine's own.</exception>
    public static void CheckClone(string machine, string name)
    {
        ObjectNames.CheckName("machine", name);
        if (string.Equals(name, machine, StringComparison.Ordinal))
            throw new RefusedException(
                "clone-name", $"'{name}' cannot be a clone of itself: give another name.");
    }

    private static MountRecord Freeze(MountRecord record, FreezeMountInput input)
    {
        if (record.State is MountState.Committing
            && string.Equals(record.Job, input.Job, StringComparison.Ordinal)) return record;
        MountWriter.RequireOpen(record);
        // A late run of this step, after its job has failed: nobody would open the mount again.
        if (string.Equals(record.FailedJob, input.Job, StringComparison.Ordinal))
            throw new RefusedException(
                "mount-state", $"Job '{input.Job}' has failed to commit mount '{record.Id}'.");
        return record with
        {
            State = MountState.Committing, Job = input.Job, CloneName = input.CloneName,
        };
    }
}
