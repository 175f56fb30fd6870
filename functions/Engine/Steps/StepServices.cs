using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>What steps work with: the two placements, the manifests, uploads, views, the clock.</summary>
public sealed class StepServices
{
    /// <summary>Puts the parts together.</summary>
    public StepServices(
        IObjectStore baseStore, IObjectStore deltaStore, ManifestStore manifests,
        ISourceOpener sources, TimeProvider time, EngineOptions options, ViewOptions? views = null)
    {
        BaseStore = baseStore;
        DeltaStore = deltaStore;
        Manifests = manifests;
        Time = time;
        Options = options;
        Windows = new WindowSlots(options.RequestsAtOnce);
        PatchWindows = new WindowSlots(options.PatchWindowsAtOnce);
        Resolver = new ShardResolver(
            baseStore, new IndexCache(deltaStore), (m, c) => manifests.LoadAsync(m, c));
        Views = new ViewOpener(manifests, Resolver, time, views);
        Files = new MachineFiles(manifests, baseStore);
        Sources = new StoredSources(baseStore, Files, sources);
        Mounts = new MountStore(baseStore, manifests, time);
        Reads = new ReadTally(manifests, time);
    }

    /// <summary>Where bases and manifests lie.</summary>
    public IObjectStore BaseStore { get; }

    /// <summary>Where deltas lie.</summary>
    public IObjectStore DeltaStore { get; }

    /// <summary>The manifests.</summary>
    public ManifestStore Manifests { get; }

    /// <summary>Writable mounts.</summary>
    public MountStore Mounts { get; }

    /// <summary>Opens uploads, and what is ingested from the store itself.</summary>
    public ISourceOpener Sources { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>How work is cut.</summary>
    public EngineOptions Options { get; }

    /// <summary>The windows that this process may have in work.</summary>
    public WindowSlots Windows { get; }

    /// <summary>The windows of patches, which hold more than others.</summary>
    public WindowSlots PatchWindows { get; }

    /// <summary>Resolves shards.</summary>
    public ShardResolver Resolver { get; }

    /// <summary>Opens disks of versions.</summary>
    public ViewOpener Views { get; }

    /// <summary>Gives machine files of versions back.</summary>
    public MachineFiles Files { get; }

    /// <summary>Counts which versions are read.</summary>
    public ReadTally Reads { get; }

    /// <summary>The owner that a job's claim names.</summary>
    public string OwnerOf(string job) =>
        Options.ProcessOwner.Length == 0 ? job : $"{job}|{Options.ProcessOwner}";

    /// <summary>
    /// The manifest, as long as an operation is listed in it: the work of one that is not must not
    /// go on, as its names will never be listed.
    /// </summary>
    /// <exception cref="SupersededException">The operation has ended.</exception>
    public async Task<Manifest> LoadForAsync(
        string machine, long operation, CancellationToken cancellation)
    {
        var manifest = await Manifests.LoadAsync(machine, cancellation);
        return manifest.Head.Operations.Any(o => o.Number == operation)
            ? manifest
            : throw new SupersededException(
                operation, manifest.Head.NextOperation - 1, ObjectNames.Head(machine));
    }

    /// <summary>A shard at a version for a step; a stale or moved state is tried again.</summary>
    /// <exception cref="OvertakenException">It kept moving; the step is run again later.</exception>
    public async Task<ShardView> OpenShardAsync(
        Manifest manifest, ShardKey shard, int version, CancellationToken cancellation) =>
        await WithOriginAsync(
            await Resolver.TryOpenAsync(manifest, shard, version, isWhole: true, cancellation),
            cancellation)
            ?? throw new OvertakenException(
                ObjectNames.Base(shard), "a newer operation than this step knows has committed it");

    private static async Task<ShardView?> WithOriginAsync(
        ShardView? view, CancellationToken cancellation)
    {
        // Nodes of pages are asked for where nothing is awaited.
        if (view is { IsOnOrigin: true }) await view.Origin!.OpenAsync(cancellation);
        return view;
    }
}
