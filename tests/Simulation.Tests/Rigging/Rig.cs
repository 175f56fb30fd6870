using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Rigging;

/// <summary>
/// A machine with small sizes over two simulated stores, and beside it the model: a full copy of
/// every version that was acknowledged.
/// </summary>
internal sealed class Rig
{
    public const string Machine = "vm";

    /// <summary>16 blocks of 4 sectors a shard, 4 blocks a page.</summary>
    public static readonly Layout Tiny = new(256, 1024, 4, 4096, 16384);

    private int _jobs;

    public Rig(
        EngineOptions? options = null, ManifestOptions? manifestOptions = null,
        bool yields = false)
    {
        Process = new SimulatedProcess();
        Base = new SimulatedStore(new SimulatedStoreOptions
        {
            Process = Process, Clock = Time, Description = "base", Yields = yields,
        });
        Delta = new SimulatedStore(new SimulatedStoreOptions
        {
            Process = Process, Clock = Time, Description = "delta", Yields = yields,
        });
        Options = (options ?? new EngineOptions { ChunkSteps = 4, ReverseTier = StorageTier.Cool })
            with { Layout = Tiny, WindowBlocks = 3 };
        ManifestOptions = manifestOptions ?? new ManifestOptions(4, 8, 4, 6);
        Life = NewLife();
    }

    public SimulatedProcess Process { get; }

    public SimulatedStore Base { get; }

    public SimulatedStore Delta { get; }

    public ManualTimeProvider Time { get; } = new(jumps: true);

    public MemorySources Sources { get; } = new();

    /// <summary>Where disks are restored to; they outlive every life.</summary>
    public MemoryRestoreTargets Targets { get; } = new();

    public EngineOptions Options { get; }

    public ManifestOptions ManifestOptions { get; }

    public Life Life { get; private set; }

    /// <summary>The acknowledged versions: number, then disk, then content.</summary>
    public SortedDictionary<int, SortedDictionary<string, byte[]>> Model { get; } = [];

    /// <summary>The machine files that the next snapshots bring.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The machine files of the acknowledged versions.</summary>
    public SortedDictionary<int, SortedDictionary<string, byte[]>> FileModel { get; } = [];

    public string NextJob() => $"job-{Interlocked.Increment(ref _jobs)}";

    public Life NewLife() =>
        Life = new Life(Base, Delta, Sources, Time, Options, ManifestOptions, Targets);

    /// <summary>Another process on the same stores; its end leaves this rig's own alone.</summary>
    public Life LifeOf(SimulatedProcess process, EngineOptions? options = null) => new(
        Base.For(process), Delta.For(process), Sources, Time, options ?? Options,
        ManifestOptions, Targets);

    /// <summary>Ingests whole raw images.</summary>
    public Task<IngestResult> IngestAsync(params (string Disk, byte[] Content)[] disks) =>
        IngestAsync(disks, disks, null);

    /// <summary>Ingests images that stand for some contents.</summary>
    public async Task<IngestResult> IngestAsync(
        (string Disk, byte[] File)[] files, (string Disk, byte[] Content)[] contents, int? parent)
    {
        var job = NextJob();
        var input = InputOf(job, files, parent);
        var result = await Life.RunAsync(FlowNames.Ingest, input, job, Machine);
        Model.Add(result.Version, Copy(contents));
        SettleFiles();
        return result;
    }

    /// <summary>Versions that came to the model have the files as they stand; others go.</summary>
    public void SettleFiles()
    {
        foreach (var gone in FileModel.Keys.Except(Model.Keys).ToList()) FileModel.Remove(gone);
        foreach (var number in Model.Keys.Except(FileModel.Keys).ToList())
            FileModel.Add(number, new SortedDictionary<string, byte[]>(Files, StringComparer.Ordinal));
    }

    public IngestInput InputOf(string job, (string Disk, byte[] File)[] files, int? parent)
    {
        var disks = new List<IngestDisk>();
        foreach (var (disk, file) in files)
        {
            Sources.Add($"{job}-{disk}", file);
            disks.Add(new IngestDisk($"{job}-{disk}", disk));
        }
        foreach (var (name, content) in Files) Sources.Add($"{job}-file-{name}", content);
        return new IngestInput(
            Machine, disks, parent, $"label of {job}",
            Files: Files.Count == 0 ? null
                : [.. Files.Keys.Reverse().Select(n => new IngestFile($"{job}-file-{n}", n))]);
    }

    public static SortedDictionary<string, byte[]> Copy((string Disk, byte[] Content)[] contents)
    {
        var copy = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (disk, content) in contents) copy.Add(disk, (byte[])content.Clone());
        return copy;
    }

    public Task<ConsolidateResult> ConsolidateAsync(int version = 0) =>
        Life.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Machine, version), NextJob(), Machine);

    public async Task<UndoResult> UndoAsync()
    {
        var result = await Life.RunAsync(
            FlowNames.Undo, new UndoInput(Machine), NextJob(), Machine);
        Model.Remove(result.Withdrawn);
        SettleFiles();
        return result;
    }

    /// <summary>Lets named versions expire.</summary>
    public Task<ExpireResult> ExpireAsync(params int[] versions) => GoneAsync(Life.RunAsync(
        ExpiryNames.Expire, new ExpireInput(Machine, versions), NextJob(), Machine));

    /// <summary>Lets versions expire as the policy says.</summary>
    public Task<ExpireResult> RetainAsync() => GoneAsync(Life.RunAsync(
        ExpiryNames.Retention, new RetentionInput(Machine), NextJob(), Machine));

    private async Task<ExpireResult> GoneAsync(Task<ExpireResult> running)
    {
        var result = await running;
        foreach (var version in result.Expired.Concat(result.Hidden)) Model.Remove(version);
        SettleFiles();
        return result;
    }

    public Task SetRuleAsync(string kind, int forwards) => SetPolicyAsync(
        new MachinePolicy(new BaseRuleSettings(kind, forwards), 600));

    public async Task SetPolicyAsync(MachinePolicy policy)
    {
        if (await Life.Manifests.FindAsync(Machine) is null)
            await Life.Manifests.CreateAsync(Machine, Options.Layout, policy);
        await Life.Manifests.UpdateAsync(Machine, edit =>
        {
            edit.SetPolicy(policy);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Every acknowledged version is listed, and reads as its full copy.</summary>
    public async Task CheckAsync(string context = "")
    {
        SettleFiles();
        var manifest = await Life.Manifests.LoadAsync(Machine);
        var listed = new List<int>();
        await foreach (var version in manifest.VersionsAsync())
            if (version.State == VersionState.Ready) listed.Add(version.Number);
        Assert.True(
            Model.Keys.SequenceEqual(listed),
            $"{context}: expected {string.Join(",", Model.Keys)}, found {string.Join(",", listed)}");
        foreach (var number in Model.Keys) await CheckAsync(number, context);
    }

    public async Task CheckAsync(int number, string context)
    {
        SettleFiles();
        await CheckFilesAsync(number, context);
        foreach (var (disk, expected) in Model[number])
        {
            var view = await Life.Services.Views.OpenAsync(
                Machine, number, disk, CancellationToken.None);
            Assert.Equal(expected.Length, view.SizeBytes);
            var found = new byte[expected.Length];
            await view.ReadAsync(0, found);
            Assert.True(
                found.AsSpan().SequenceEqual(expected),
                $"{context}: version {number} disk {disk} differs first at "
                + $"{found.AsSpan().CommonPrefixLength(expected)}");
        }
    }
    private async Task CheckFilesAsync(int number, string context)
    {
        var files = Life.Services.Files;
        var record = await files.FindAsync(Machine, number, CancellationToken.None);
        Assert.Equal(FileModel[number].Keys, (record.Files ?? []).Select(f => f.Name));
        foreach (var (name, expected) in FileModel[number])
        {
            var file = await files.ReadAsync(Machine, number, name, CancellationToken.None);
            Assert.True(
                file.Content.AsSpan().SequenceEqual(expected),
                $"{context}: version {number} file {name} differs");
        }
    }
}
