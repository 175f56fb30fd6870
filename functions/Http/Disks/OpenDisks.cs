using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// Finds disks and keeps the views of those read last, which hold what was resolved of their
/// shards. Whether a version still stands is looked up anew when the last look is older than
/// <see cref="ApiOptions.ViewFreshFor"/>. Thread-safe.
/// </summary>
internal sealed class OpenDisks(StepServices engine, ApiOptions options)
{
    /// <summary>Shards that one view keeps resolved: what several readers of one disk need.</summary>
    private const int ShardsOfView = 4;

    private readonly ViewOpener _views = new(
        engine.Manifests, engine.Resolver, engine.Time, new ViewOptions(MostShards: ShardsOfView));

    // The operation is in the key: a machine that was removed and made again counts from 1 anew.
    private readonly RecentlyUsed<(string, int, long, string), DiskView> _open =
        new(options.OpenViews);

    private readonly RecentlyUsed<string, (DateTimeOffset Asked, Task<Manifest> Manifest)> _manifests =
        new(options.OpenViews);

    private readonly RecentlyUsed<(string, int, long, string, string), Task<IExportLayout>> _layouts =
        new(options.OpenLayouts);

    /// <summary>How many views are kept.</summary>
    public int Count => _open.Count;

    /// <summary>Opens a disk.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="version">The version; null for the newest that can be read.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">There is no such machine, version or disk.</exception>
    public async Task<OpenDisk> OpenAsync(
        string machine, int? version, string disk, CancellationToken cancellation)
    {
        var (manifest, record) = await FindAsync(machine, version, cancellation);
        var found = OpenDisk.Find(record, machine, disk);
        var view = _open.Get(
            (machine, record.Number, record.Operation, disk), _ => true,
            () => _views.Open(manifest, record, found));
        return new OpenDisk(record, view);
    }

    /// <summary>
    /// Lays a disk out as the file that it is to be answered as. The walk over its indexes goes on
    /// when the client that asked first is gone: others may wait for it.
    /// </summary>
    /// <exception cref="RefusedException">The format cannot hold the disk.</exception>
    public async Task<OpenDisk> LaidOutAsync(OpenDisk disk, CancellationToken cancellation)
    {
        if (disk.Format is not { } format) return disk;
        var (view, version) = (disk.View, disk.Version);
        var layout = _layouts.Get(
            (view.Machine, version.Number, version.Operation, view.Disk.Name, format),
            kept => !kept.IsFaulted && !kept.IsCanceled,
            () => Task.Run(
                async () => await ViewExports.OpenAsync(
                    await engine.Manifests.LoadAsync(view.Machine, CancellationToken.None), view,
                    format, CancellationToken.None),
                CancellationToken.None));
        return disk with { Layout = await layout.WaitAsync(cancellation) };
    }

    /// <summary>Finds a version that can be read, and the manifest that lists it.</summary>
    public async Task<(Manifest Manifest, VersionRecord Version)> FindAsync(
        string machine, int? version, CancellationToken cancellation)
    {
        if (version is { } number)
        {
            var kept = await KeptAsync(machine).WaitAsync(cancellation);
            try
            {
                var found = await kept.FindVersionAsync(number, cancellation);
                if (found is { State: VersionState.Ready }) return (kept, found);
            }
            catch (ObjectNotFoundException)
            {
                // A page of it was swept since; the manifest that stands names another one.
            }
        }
        // The newest, or one that came a moment ago: only what stands now can tell.
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        if (version is not null)
            return (manifest, await ViewOpener.FindAsync(manifest, version, cancellation));
        for (var newest = manifest.NewestNumber; newest > 0; newest--)
        {
            // While the newest is being taken back, the one below it is the newest.
            if (await manifest.FindVersionAsync(newest, cancellation)
                is { State: VersionState.Ready } found) return (manifest, found);
        }
        throw new NoSuchException($"version of '{machine}' yet", "Ingest a full image first.");
    }

    /// <summary>A manifest that was read a moment ago, for all who ask within that moment.</summary>
    private Task<Manifest> KeptAsync(string machine)
    {
        var now = engine.Time.GetUtcNow();
        return _manifests.Get(
            machine,
            kept => now - kept.Asked <= options.ViewFreshFor
                && !kept.Manifest.IsFaulted && !kept.Manifest.IsCanceled,
            () => (now, Task.Run(() => engine.Manifests.LoadAsync(machine, CancellationToken.None))))
            .Manifest;
    }
}
