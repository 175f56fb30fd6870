using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// Commits a mount as the next version of a clone of its version, made for it; or of its own
/// machine, which needs that the mount's version is still the newest: over an older one, what came
/// since would be undone unseen.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="run">Shows the work's progress while it is done.</param>
/// <param name="clone">The clone to make; null: the machine itself.</param>
internal sealed class NextVersionCommit(
    LocalEngine engine, Func<Func<Task<IngestResult>>, Task<IngestResult>> run,
    string? clone = null) : IMountCommit
{
    /// <inheritdoc/>
    public async Task<MountCommitted> CommitAsync(
        MountFolder mount, CancellationToken cancellation)
    {
        var record = mount.Record;
        if (record.Job is { } earlier
            && await engine.Runner.GetAsync(earlier, cancellation) is { State: JobState.Completed })
            return new MountCommitted(
                await engine.Runner.RunToEndAsync(FlowNames.Ingest, earlier, cancellation), earlier);
        if (clone is not null && record.CloneName is { } other
            && !string.Equals(clone, other, StringComparison.Ordinal))
            throw new RefusedException(
                "mount-clone", $"Mount '{record.Id}' was begun to be committed to '{other}'.");
        var name = clone ?? record.CloneName;
        var input = name is null
            ? await InputAsync(mount, cancellation)
            : await CloneAsync(mount, name, cancellation);
        var job = JobIds.Next(FlowNames.Ingest.Name, input.Machine, engine.Time);
        // Named before it is begun: whoever comes after a crash asks this job what it came to.
        mount.Write(mount.Record with { Job = job });
        await engine.Runner.StartAsync(
            FlowNames.Ingest, input, job, input.Machine, cancellation);
        return new MountCommitted(
            await run(() => engine.Runner.RunToEndAsync(FlowNames.Ingest, job, cancellation)),
            job);
    }

    /// <summary>Makes the clone, once, and tells what is ingested into it.</summary>
    private async Task<IngestInput> CloneAsync(
        MountFolder mount, string name, CancellationToken cancellation)
    {
        var record = mount.Record;
        var job = record.CloneJob
            ?? JobIds.Next(CloneNames.Clone.Name, record.Machine, engine.Time);
        mount.Write(record with { CloneName = name, CloneJob = job });
        await engine.Runner.StartAsync(
            CloneNames.Clone, new CloneInput(record.Machine, record.Version, name), job,
            record.Machine, cancellation);
        var made = await engine.Runner.RunToEndAsync(CloneNames.Clone, job, cancellation);
        var manifest = await engine.Manifests.LoadAsync(name, cancellation);
        var version = await ViewOpener.FindAsync(manifest, made.Version, cancellation);
        return await InputAsync(mount, name, version, cancellation);
    }

    /// <summary>Plans what <see cref="CommitAsync"/> would do; the mount stays as it is.</summary>
    public Task<Plan> PlanAsync(MountFolder mount, CancellationToken cancellation)
    {
        var record = mount.Record;
        var name = clone ?? record.CloneName;
        return engine.Planner.PlanAsync(
            FlowNames.Ingest.Name,
            name is null ? [FlowNames.Ingest.Name] : [FlowNames.Ingest.Name, CloneNames.Clone.Name],
            name ?? record.Machine,
            async run =>
            {
                if (name is null)
                {
                    await run.RunAsync(FlowNames.Ingest, await InputAsync(mount, cancellation));
                    return;
                }
                // One that an earlier try has made is there already.
                var manifest = await run.Manifests.FindAsync(name, cancellation);
                if (manifest is null || record.CloneJob is null)
                {
                    await run.RunAsync(
                        CloneNames.Clone, new CloneInput(record.Machine, record.Version, name));
                    manifest = await run.Manifests.LoadAsync(name, cancellation);
                }
                var version = await ViewOpener.FindAsync(
                    manifest, manifest.NewestNumber, cancellation);
                await run.RunAsync(
                    FlowNames.Ingest, await InputAsync(mount, name, version, cancellation));
            },
            cancellation);
    }

    private async Task<IngestInput> InputAsync(
        MountFolder mount, CancellationToken cancellation)
    {
        var record = mount.Record;
        var manifest = await engine.Manifests.LoadAsync(record.Machine, cancellation);
        var version = await ViewOpener.FindAsync(manifest, record.Version, cancellation);
        if (manifest.NewestNumber != record.Version || version.Operation != record.Operation)
        {
            throw new RefusedException(
                "mount-not-newest",
                $"Mount '{record.Id}' is of version {record.Version} of '{record.Machine}', and "
                + $"the newest is {manifest.NewestNumber}: it can be committed to a clone alone, "
                + "which '--to NEW-MACHINE' makes. What was written stays.");
        }
        return await InputAsync(mount, record.Machine, version, cancellation);
    }

    private static async Task<IngestInput> InputAsync(
        MountFolder mount, string machine, VersionRecord version, CancellationToken cancellation)
    {
        var record = mount.Record;
        foreach (var disk in record.Disks)
        {
            using var overlay = mount.OpenOverlay(disk, Nothing);
            await overlay.CloseAsync(cancellation);
        }
        return new IngestInput(
            machine,
            [.. record.Disks.Select(d => new IngestDisk(
                mount.OverlayOf(d), d.Name, OverlaySource.FormatName))],
            version.Number, $"mount {record.Id}",
            Files: FilesOf(record, version.Files ?? []));
    }

    /// <summary>The guest wrote to the disks alone: the machine files stay as they were.</summary>
    private static IReadOnlyList<IngestFile>? FilesOf(
        MountRecord mount, IReadOnlyList<VersionFile> files) =>
        files.Count == 0 ? null
            : [.. files.Select(f => new IngestFile(
                StoredSources.OfFile(mount.Machine, mount.Version, f.Name), f.Name))];

    /// <summary>An overlay that only writes itself down reads nothing of what lies below.</summary>
    private static ValueTask Nothing(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        destination.Span.Clear();
        return ValueTask.CompletedTask;
    }
}
