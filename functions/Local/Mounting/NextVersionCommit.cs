using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// Commits a mount as the next version of its own machine, which needs that the mount's version is
/// still the newest: over an older one, what came since would be undone unseen.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="run">Shows the work's progress while it is done.</param>
internal sealed class NextVersionCommit(
    LocalEngine engine, Func<Func<Task<IngestResult>>, Task<IngestResult>> run) : IMountCommit
{
    private const string FilesFolder = ".files";

    /// <inheritdoc/>
    public async Task<MountCommitted> CommitAsync(
        MountFolder mount, CancellationToken cancellation)
    {
        var record = mount.Record;
        if (record.Job is { } earlier
            && await engine.Runner.GetAsync(earlier, cancellation) is { State: JobState.Completed })
            return new MountCommitted(
                await engine.Runner.RunToEndAsync(FlowNames.Ingest, earlier, cancellation), earlier);
        var input = await InputAsync(mount, cancellation);
        var job = JobIds.Next(FlowNames.Ingest.Name, record.Machine, engine.Time);
        // Named before it is begun: whoever comes after a crash asks this job what it came to.
        mount.Write(record with { Job = job });
        await engine.Runner.StartAsync(
            FlowNames.Ingest, input, job, record.Machine, cancellation);
        return new MountCommitted(
            await run(() => engine.Runner.RunToEndAsync(FlowNames.Ingest, job, cancellation)),
            job);
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
                + "and clones are still to come. What was written stays.");
        }
        foreach (var disk in record.Disks)
        {
            using var overlay = mount.OpenOverlay(disk, Nothing);
            await overlay.CloseAsync(cancellation);
        }
        return new IngestInput(
            record.Machine,
            [.. record.Disks.Select(d => new IngestDisk(
                mount.OverlayOf(d), d.Name, OverlaySource.FormatName))],
            record.Version, $"mount {record.Id}",
            Files: await FilesAsync(mount, version.Files ?? [], cancellation));
    }

    /// <summary>The guest wrote to the disks alone: the machine files stay as they were.</summary>
    private async Task<IReadOnlyList<IngestFile>?> FilesAsync(
        MountFolder mount, IReadOnlyList<Engine.Manifests.VersionFile> files,
        CancellationToken cancellation)
    {
        if (files.Count == 0) return null;
        var folder = Path.Combine(mount.Path, FilesFolder);
        var inputs = new List<IngestFile>();
        foreach (var file in files)
        {
            var read = await engine.Services.Files.ReadAsync(
                mount.Record.Machine, mount.Record.Version, file.Name, cancellation);
            inputs.Add(new IngestFile(
                await NewFiles.WriteAsync(
                    folder, file.Name, read.Content, overwrite: true, cancellation),
                file.Name));
        }
        return inputs;
    }

    /// <summary>An overlay that only writes itself down reads nothing of what lies below.</summary>
    private static ValueTask Nothing(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        destination.Span.Clear();
        return ValueTask.CompletedTask;
    }
}
