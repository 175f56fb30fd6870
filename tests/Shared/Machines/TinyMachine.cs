using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.TestShared.Machines;

/// <summary>
/// A machine of one disk with tiny sizes in two simulated stores, made by the steps alone, and the
/// bytes that each of its versions must have.
/// </summary>
public sealed class TinyMachine
{
    /// <summary>The machine's name.</summary>
    public const string Machine = "tiny";

    /// <summary>The disk's name.</summary>
    public const string Disk = "disk0";

    private readonly List<byte[]> _versions = [];
    private int _base = 1;

    private TinyMachine(int windowBlocks)
    {
        Base = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Time, Process = Process, Description = "base", Yields = true,
        });
        Delta = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Time, Process = Process, Description = "delta", Yields = true,
        });
        Options = new EngineOptions
        {
            Layout = Layout, WindowBlocks = windowBlocks, WindowsAtOnce = 3, ChunkSteps = 2,
        };
        Services = ServicesOf(Process);
    }

    /// <summary>Sectors of 256 bytes, blocks of 1 KiB, 4 blocks a page, shards of 16 blocks.</summary>
    public static Layout Layout { get; } = new(256, 1024, 4, 4096, 16384);

    /// <summary>The clock; waits cost nothing.</summary>
    public ManualTimeProvider Time { get; } = new(jumps: true);

    /// <summary>The process of <see cref="Services"/>.</summary>
    public SimulatedProcess Process { get; } = new();

    /// <summary>The placement of bases.</summary>
    public SimulatedStore Base { get; }

    /// <summary>The placement of deltas.</summary>
    public SimulatedStore Delta { get; }

    /// <summary>How work is cut.</summary>
    public EngineOptions Options { get; }

    /// <summary>What steps work with.</summary>
    public StepServices Services { get; }

    /// <summary>The uploads.</summary>
    public TinySources Sources { get; } = new();

    /// <summary>The bytes of a version.</summary>
    public byte[] this[int version] => _versions[version - 1];

    /// <summary>The newest version.</summary>
    public int Newest => _versions.Count;

    /// <summary>A machine with a version for each of some contents.</summary>
    public static async Task<TinyMachine> CreateAsync(
        IEnumerable<byte[]> versions, int windowBlocks = 3)
    {
        var machine = new TinyMachine(windowBlocks);
        await machine.Services.Manifests.CreateAsync(Machine, Layout, MachinePolicy.Default);
        foreach (var version in versions) await machine.AddAsync(version);
        return machine;
    }

    /// <summary>The manifest as it stands.</summary>
    public Task<Manifest> ManifestAsync() => Services.Manifests.LoadAsync(Machine);

    /// <summary>A version as a readable disk.</summary>
    public Task<DiskView> ViewAsync(int version) =>
        Services.Views.OpenAsync(Machine, version, Disk, CancellationToken.None);

    /// <summary>Services as another process has them.</summary>
    public StepServices ServicesOf(SimulatedProcess process)
    {
        var (one, other) = (Base.For(process), Delta.For(process));
        return new StepServices(
            one, other, new ManifestStore(one, other, ManifestOptions.Default, Time), Sources,
            Time, Options);
    }

    /// <summary>Ingests a raw disk as the next version.</summary>
    public async Task AddAsync(byte[] content)
    {
        var newest = Newest;
        var before = newest == 0 ? 0 : this[newest].Length;
        var shards = Math.Max(Layout.ShardsOf(before), Layout.ShardsOf(content.Length));
        var (operation, version) = (0L, 0);
        var epoch = (await Services.Manifests.AcquireTurnAsync(Machine, "tiny")).Epoch;
        await Services.Manifests.UpdateAsync(Machine, edit =>
        {
            version = edit.ReserveVersion();
            var range = ShardRanges.Of(Enumerable.Range(0, shards));
            operation = edit.IssueOperation(number => new OperationRecord
            {
                Number = number,
                Kind = "ingest",
                Started = edit.Now,
                Job = "tiny",
                Version = version,
                Creates = newest == 0 ? [] : [new DeltaSet(Disk, newest, version, number, range)],
                Bases = newest == 0 ? [new BaseSet(Disk, range)] : [],
            }).Number;
            return ValueTask.CompletedTask;
        });
        var source = $"v{version}.raw";
        Sources.Add(source, content);
        var step = new DeltaShardStep(Services);
        var outcomes = new List<ShardOutcome>();
        for (var shard = 0; shard < shards; shard++)
            outcomes.Add(await step.RunAsync(
                new DeltaShardInput(
                    Machine, Disk, shard, operation, version, newest, 0, source, "memory",
                    "raw", content.Length, before, new VersionCard(Time.GetUtcNow()), epoch),
                CancellationToken.None));
        await ListAsync(operation, version, newest, content.Length, outcomes);
        _versions.Add(content);
    }

    /// <summary>Moves the base of every shard forward to a version.</summary>
    public async Task MoveBaseAsync(int to, StepServices services, bool deletesForwards = false)
    {
        var operation = 0L;
        var epoch = (await services.Manifests.AcquireTurnAsync(Machine, "tiny")).Epoch;
        var manifest = await services.Manifests.UpdateAsync(Machine, edit =>
        {
            operation = edit.IssueOperation(number => new OperationRecord
            {
                Number = number,
                Kind = OperationKinds.Forwards,
                Started = edit.Now,
                Job = "tiny",
                Target = to,
            }).Number;
            return ValueTask.CompletedTask;
        });
        var shards = Layout.ShardsOf(_versions.Max(v => v.Length));
        var step = new PatchShardStep(services);
        var forwards = new List<string>();
        for (var shard = 0; shard < shards; shard++)
        {
            var edges = await manifest.EdgesOfShardAsync(Disk, shard, _base, to);
            if (edges.Count == 0) continue;
            var deltas = edges.Select(e => new DeltaKey(
                e.Edge.Previous, e.Version.Number, e.Edge.ForwardOperation)).ToList();
            await step.RunAsync(
                new PatchShardInput(Machine, Disk, shard, operation, epoch), CancellationToken.None);
            var key = new ShardKey(Machine, Disk, shard);
            forwards.AddRange(deltas.Select(d => ObjectNames.DeltaIndex(key, d)));
            forwards.AddRange(deltas.Select(d => ObjectNames.DeltaData(key, d)));
        }
        await services.Manifests.UpdateAsync(Machine, async edit =>
        {
            for (var number = _base + 1; number <= to; number++)
            {
                var version = (await edit.FindVersionAsync(number))!;
                var edges = await edit.Before.EdgesAsync(version.Disks[0]);
                var table = await edit.SaveTableAsync([.. edges.Select(
                    e => e with { ForwardOperation = 0, ReverseOperation = operation })]);
                await edit.ReplaceVersionAsync(
                    version with { Disks = [version.Disks[0] with { Edges = table }] });
            }
            edit.CloseOperation(operation);
        });
        _base = to;
        if (!deletesForwards) return;
        foreach (var name in forwards) await services.DeltaStore.DeleteAsync(name);
    }

    private async Task ListAsync(
        long operation, int version, int newest, long sizeBytes, List<ShardOutcome> outcomes) =>
        await Services.Manifests.UpdateAsync(Machine, async edit =>
        {
            var nodes = new SortedDictionary<int, Hash256>();
            if (edit.Head.Disks is [var disk])
                foreach (var node in await edit.Before.NodesAsync(disk))
                    nodes[node.Shard] = node.Node;
            foreach (var outcome in outcomes.Where(o => o.Changed))
                nodes[outcome.Shard] = outcome.Node;
            foreach (var zero in nodes.Where(n => n.Value.IsZero).Select(n => n.Key).ToList())
                nodes.Remove(zero);
            var edges = await edit.SaveTableAsync([.. outcomes.Where(o => o.Changed).Select(
                o => new ShardEdge(o.Shard, newest, newest == 0 ? 0 : operation, 0, o.Node))]);
            var table = await edit.SaveTableAsync(
                [.. nodes.Select(n => new ShardNode(n.Key, n.Value))]);
            var diskNode = Fingerprints.Disk(nodes);
            edit.SetDisks([new DiskRecord(Disk, sizeBytes, table)]);
            edit.AddVersion(new VersionRecord
            {
                Number = version,
                State = VersionState.Ready,
                Time = edit.Now,
                Operation = operation,
                Fingerprint = Fingerprints.Version(
                    new Dictionary<string, Hash256>(StringComparer.Ordinal) { [Disk] = diskNode }),
                Disks =
                [
                    new VersionDisk
                    {
                        Name = Disk, SizeBytes = sizeBytes, Node = diskNode, Format = "raw",
                        Edges = edges,
                    },
                ],
            });
            edit.CloseOperation(operation);
        });
}
