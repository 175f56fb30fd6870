using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>PinOrigin</c>: pins a version for a clone that does not exist yet. A crash after it leaves a
/// pin whose clone is not there; a repeat by the same job finds it, and the sweep drops it.
/// </summary>
public sealed class PinOriginStep(StepServices services)
    : Step<PinOriginInput, CloneTicket>(CloneSteps.Pin)
{
    /// <inheritdoc/>
    public override async Task<CloneTicket> RunAsync(
        PinOriginInput input, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Name);
        if (string.Equals(input.Name, input.Machine, StringComparison.Ordinal))
            throw new RefusedException(
                "clone-name", $"'{input.Name}' cannot be a clone of itself: give another name.");
        await RequireOnlineAsync(input, cancellation);
        OriginRecord? origin = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                // Looked at with every try: the clone may have been, and gone, since the last.
                await RequireFreeAsync(input, cancellation);
                origin = await PinAsync(edit, input, cancellation);
            },
            cancellation);
        return new CloneTicket(origin);
    }

    /// <summary>The name is free, or this job's clone has it already.</summary>
    private async Task RequireFreeAsync(PinOriginInput input, CancellationToken cancellation)
    {
        var existing = await services.Manifests.FindAsync(input.Name, cancellation);
        if (existing is not null && !IsOf(existing.Head.Origin, input.Job)
            && (input.DiskNames is null || existing.NewestNumber != 0))
            throw new RefusedException(
                "machine-exists", $"There is a machine '{input.Name}' already.");
        // A late run must not pin for a clone that has been and was deleted.
        if (existing is null && await GoneMachine.FindAsync(
            services.BaseStore, input.Name, cancellation) is { Gone: { } gone }
            && string.Equals(gone.OriginJob, input.Job, StringComparison.Ordinal))
            throw new RefusedException(
                "clone-gone", $"'{input.Name}' was made by this job, and deleted since.");
    }

    /// <summary>Whether a clone was made by a job.</summary>
    internal static bool IsOf(OriginRecord? origin, string job) =>
        origin is not null && string.Equals(origin.Job, job, StringComparison.Ordinal);

    private static async Task<OriginRecord?> PinAsync(
        ManifestEdit edit, PinOriginInput input, CancellationToken cancellation)
    {
        PurgeRules.RequireKept(edit.Head);
        var owner = OriginRecord.PinOwner(input.Name, input.Job);
        var known = (edit.Head.Pins ?? []).FirstOrDefault(
            p => string.Equals(p.Owner, owner, StringComparison.Ordinal));
        var version = await ViewOpener.FindAsync(
            edit.Before,
            known?.Version ?? input.Version ?? await edit.Before.NewestReadyAsync(cancellation),
            cancellation);
        var depth = (edit.Head.Origin?.Depth ?? 0) + 1;
        if (depth > OriginRecord.MostDepth) return null;
        Pinning.RequireRoom(edit.Head);
        if (known is null) edit.Pin(new PinRecord(
                version.Number, owner, $"'{input.Name}' began from it", edit.Now));
        var names = input.DiskNames;
        return new OriginRecord(
            input.Machine, version.Number, version.Fingerprint, depth, input.Job,
            [
                .. version.Disks
                    .Where(d => names is null || names.ContainsKey(d.Name))
                    .Select(d => new OriginDisk(names?[d.Name] ?? d.Name, d.Name, d.SizeBytes))
                    .OrderBy(d => d.Name, StringComparer.Ordinal),
            ]);
    }

    /// <summary>
    /// Refuses a version of which part is archived: a clone reads it at any time. Looked at only
    /// where the machine's ladder leads to the archive.
    /// </summary>
    private async Task RequireOnlineAsync(PinOriginInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if ((manifest.Head.Policy.Ladder ?? []).All(r => r.Tier != StorageTier.Archive)) return;
        var version = await ViewOpener.FindAsync(manifest, input.Version, cancellation);
        var archived = new ArchivedData(services.BaseStore, services.DeltaStore);
        foreach (var disk in version.Disks)
        {
            var view = services.Views.Open(manifest, version, disk);
            var range = new ByteRange(0, disk.SizeBytes);
            foreach (var shard in await ArchivedData.ShardsAsync(manifest, view, range, cancellation))
            {
                var found = await archived.FindAsync(manifest, view, shard, range, cancellation);
                if (found.Count > 0)
                    throw new RefusedException(
                        "archived",
                        $"Version {version.Number} of '{input.Machine}' lies in part in the "
                        + $"archive (first {found[0].Name}): a clone needs it online. Clone a "
                        + "younger version, or restore this one and ingest it anew.");
            }
        }
    }
}
