using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.EngineTests.Manifests;

/// <summary>One machine in two simulated stores, and versions to put into it.</summary>
internal sealed class ManifestFixture
{
    public const string Machine = "web-1";

    public ManifestFixture(ManifestOptions? options = null, Func<string, bool>? isOwnerGone = null)
    {
        Base = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Clock, Process = Process, Description = "base", Yields = true,
        });
        Delta = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Clock, Process = Process, Description = "delta", Yields = true,
        });
        Options = options ?? new ManifestOptions(HeadVersions: 4, PageVersions: 8, InlineEntries: 3);
        Store = new ManifestStore(Base, Delta, Options, Clock, isOwnerGone);
    }

    public static Layout Layout { get; } = new(512, 2048, 8, 8192, 65536);

    public ManualClock Clock { get; } = new();

    public SimulatedProcess Process { get; } = new();

    public SimulatedStore Base { get; }

    public SimulatedStore Delta { get; }

    public ManifestOptions Options { get; }

    public ManifestStore Store { get; private set; }

    public static async Task<ManifestFixture> CreatedAsync(ManifestOptions? options = null)
    {
        var fixture = new ManifestFixture(options);
        await fixture.Store.CreateAsync(Machine, Layout, MachinePolicy.Default);
        return fixture;
    }

    /// <summary>A store of another process over the same objects, without any cache.</summary>
    public ManifestStore Fresh() => new(
        Base.For(new SimulatedProcess()), Delta.For(new SimulatedProcess()), Options, Clock);

    public Task<Manifest> UpdateAsync(Func<ManifestEdit, ValueTask> change) =>
        Store.UpdateAsync(Machine, change);

    public Task<Manifest> UpdateAsync(Action<ManifestEdit> change) =>
        UpdateAsync(edit =>
        {
            change(edit);
            return ValueTask.CompletedTask;
        });

    public static VersionRecord Version(
        int number, TableReference? edges = null, string? label = null) => new()
        {
            Number = number,
            State = VersionState.Ready,
            Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(number),
            Label = label,
            Parent = number > 1 ? number - 1 : null,
            Operation = number,
            Fingerprint = Hash256.Of([(byte)number, (byte)(number >> 8)]),
            Disks =
            [
                new VersionDisk
                {
                    Name = "os",
                    SizeBytes = 1 << 20,
                    Node = Hash256.Of([1, (byte)number]),
                    Format = "raw",
                    Source = "os.raw",
                    ChangedBytes = 4096,
                    Edges = edges ?? TableReference.Empty,
                },
            ],
        };

    public static ShardEdge Edge(int shard, int version, long forward = 0, long reverse = 0) =>
        new(shard, version - 1, forward, reverse, Hash256.Of([2, (byte)shard, (byte)version]));

    /// <summary>Adds the next version, with an edge in each of some shards.</summary>
    public async Task<int> AddVersionAsync(params int[] shards)
    {
        var number = 0;
        await UpdateAsync(async edit =>
        {
            number = edit.ReserveVersion();
            var edges = await edit.SaveTableAsync(
                [.. shards.Select(s => Edge(s, number, reverse: number))]);
            edit.AddVersion(Version(number, edges));
        });
        return number;
    }

    public static async Task<List<VersionRecord>> ListAsync(Manifest manifest)
    {
        var versions = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync()) versions.Add(version);
        return versions;
    }
}
