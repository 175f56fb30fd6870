using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Check;

/// <summary>A machine in simulated stores, made by the very steps, with a copy of every version.</summary>
internal sealed partial class CheckFixture
{
    public const string Machine = "vm1";
    public const string Disk = "os";
    public const int DiskBytes = 160 << 10;

    private static readonly ManifestOptions Sizes =
        new(HeadVersions: 4, PageVersions: 8, InlineEntries: 1, HeadCopies: 3);

    public CheckFixture(CheckFixture? other = null, Layout? layout = null)
    {
        Layout = layout ?? other?.Layout ?? Layout;
        Base = other?.Base.Clone(Process) ?? new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Clock, Process = Process, Description = "base",
        });
        Delta = other?.Delta.Clone(Process) ?? new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Clock, Process = Process, Description = "delta",
        });
        if (other is not null) Images = [.. other.Images];
        Services = NewServices();
    }

    public Layout Layout { get; } = new(512, 2048, 8, 8192, 65536);

    public ManualClock Clock { get; } = new();

    public SimulatedProcess Process { get; } = new();

    public SimulatedStore Base { get; }

    public SimulatedStore Delta { get; }

    public MemorySources Sources { get; } = new();

    public StepServices Services { get; private set; }

    /// <summary>Every version's bytes; version 1 first.</summary>
    public List<byte[]> Images { get; } = [];

    /// <summary>Services without anything kept in memory, as a new process has them.</summary>
    public StepServices NewServices(SimulatedProcess? process = null)
    {
        var (atBase, atDelta) = process is null
            ? (Base, Delta) : (Base.For(process), Delta.For(process));
        return new StepServices(
            atBase, atDelta, new ManifestStore(atBase, atDelta, Sizes, Clock), Sources, Clock,
            new EngineOptions
            {
                Layout = Layout, WindowBlocks = 8, WindowsAtOnce = 2, ChunkSteps = 2,
            });
    }

    /// <summary>
    /// A machine of eight versions, more than the head keeps: the base at version 6, two forward
    /// deltas after it, five reverse ones before it; some shards untouched by some versions.
    /// </summary>
    public static async Task<CheckFixture> MadeAsync(int seed = 1, Layout? layout = null)
    {
        var fixture = new CheckFixture(layout: layout);
        var random = new Random(seed);
        await fixture.Services.Manifests.CreateAsync(
            Machine, fixture.Layout, MachinePolicy.Default);
        var image = new byte[DiskBytes];
        Fill(random, image, 40);
        await fixture.IngestAsync(image);
        for (var version = 2; version <= 8; version++)
        {
            image = (byte[])image.Clone();
            Fill(random, image, 6);
            Array.Clear(image, random.Next(DiskBytes / 2048) * 2048, 2048);
            if (version % 3 == 0) image[(2 * 65536) + (version * 600)] ^= 1;
            await fixture.IngestAsync(image);
            if (version is 4 or 6) await fixture.ConsolidateAsync(version);
        }
        await fixture.SweepAsync();
        return fixture;
    }

    public Task<VerifyResult> VerifyAsync(
        CheckDepth depth, int percent = 10, int rotation = 0, SimulatedProcess? process = null)
    {
        var services = NewServices(process);
        var context = new InlineContext(
            CheckParts.Flows(services.Options), CheckParts.Steps(services));
        return context.RunFlowAsync(
            CheckNames.Verify, new VerifyInput(Machine, depth, percent, rotation));
    }

    /// <summary>An ingest that wrote the deltas of two shards and was then given up.</summary>
    public async Task AbandonIngestAsync()
    {
        var number = Images.Count + 1;
        var image = Images[^1].Select(b => (byte)(b ^ 1)).ToArray();
        Sources.Add("abandoned", image);
        OperationRecord? operation = null;
        await Services.Manifests.UpdateAsync(Machine, edit =>
        {
            edit.ReserveVersion();
            operation = edit.IssueOperation(n => new OperationRecord
            {
                Number = n, Kind = "ingest", Started = edit.Now, Job = "test", Version = number,
            });
            return ValueTask.CompletedTask;
        });
        for (var shard = 0; shard < 2; shard++)
        {
            await new DeltaShardStep(Services).RunAsync(
                new DeltaShardInput(
                    Machine, Disk, shard, operation!.Number, number, number - 1, 0, "abandoned",
                    "memory", "raw", DiskBytes, DiskBytes, CardOf(number), 0),
                CancellationToken.None);
        }
        await Services.Manifests.UpdateAsync(Machine, edit =>
        {
            edit.CloseOperation(operation!.Number);
            return ValueTask.CompletedTask;
        });
    }

    public async Task IngestAsync(byte[] image, int abandoned = 0)
    {
        var newest = Images.Count;
        var number = newest + 1 + abandoned;
        Sources.Add($"v{number}", image);
        var manifests = Services.Manifests;
        OperationRecord? operation = null;
        var head = (await manifests.UpdateAsync(Machine, edit =>
        {
            edit.ReserveVersion();
            operation = edit.IssueOperation(n => new OperationRecord
            {
                Number = n, Kind = "ingest", Started = edit.Now, Job = "test", Version = number,
                Creates = number == 1 ? [] :
                    [new DeltaSet(Disk, newest, number, n, ShardRanges.Range(0, 2))],
            });
            return ValueTask.CompletedTask;
        })).Head;
        Assert.Equal(number + 1, head.NextVersion);
        var outcomes = new List<ShardOutcome>();
        var card = CardOf(number);
        for (var shard = 0; shard < Layout.ShardsOf(DiskBytes); shard++)
        {
            outcomes.Add(await new DeltaShardStep(Services).RunAsync(
                new DeltaShardInput(
                    Machine, Disk, shard, operation!.Number, number, newest, 0, $"v{number}",
                    "memory", "raw", DiskBytes, number == 1 ? 0 : DiskBytes, card, 0),
                CancellationToken.None));
        }
        await manifests.UpdateAsync(
            Machine, edit => ListAsync(edit, number, newest, operation!.Number, outcomes));
        await manifests.CopyHeadAsync(Machine, operation!.Number);
        Images.Add(image);
    }

    public static VersionCard CardOf(int version) => new(
        new DateTimeOffset(2026, 1, version, 12, 0, 0, TimeSpan.Zero), $"label {version}",
        $"snapshot-{version}");

    public async Task ConsolidateAsync(int target, bool copies = true, bool closes = true)
    {
        var manifest = await Services.Manifests.LoadAsync(Machine);
        var work = new List<(int Shard, List<(int Version, ShardEdge Edge)> Edges)>();
        for (var shard = 0; shard < Layout.ShardsOf(DiskBytes); shard++)
        {
            var state = await BaseState.ReadAsync(
                Base, new ShardKey(Machine, Disk, shard), null, CancellationToken.None);
            var edges = await manifest.EdgesOfShardAsync(Disk, shard, state.Version, target);
            if (edges.Count > 0)
                work.Add((shard, [.. edges.Select(e => (e.Version.Number, e.Edge))]));
        }
        OperationRecord? operation = null;
        await Services.Manifests.UpdateAsync(Machine, edit =>
        {
            operation = edit.IssueOperation(n => new OperationRecord
            {
                Number = n, Kind = OperationKinds.Forwards, Started = edit.Now, Job = "test", Target = target,
                Creates = [.. work.SelectMany(w => w.Edges.Select(e => new DeltaSet(
                    Disk, e.Version, e.Edge.Previous, n, ShardRanges.Range(w.Shard, w.Shard))))],
                Bases = [new BaseSet(Disk, ShardRanges.Of(work.Select(w => w.Shard)))],
            });
            return ValueTask.CompletedTask;
        });
        foreach (var (shard, _) in work)
        {
            await new PatchShardStep(Services).RunAsync(
                new PatchShardInput(Machine, Disk, shard, operation!.Number, 0),
                CancellationToken.None);
        }
        if (!closes) return;
        await Services.Manifests.UpdateAsync(
            Machine, edit => CloseAsync(edit, operation!.Number, work));
        if (copies) await Services.Manifests.CopyHeadAsync(Machine, operation!.Number);
    }

    public async Task SweepAsync()
    {
        Clock.Advance(TimeSpan.FromHours(1));
        await Services.Manifests.SweepAsync(Machine, Clock.GetUtcNow());
    }

    /// <summary>Reads a version through a view of a new process.</summary>
    public async Task<byte[]> ReadAsync(int version)
    {
        var view = await NewServices().Views.OpenAsync(
            Machine, version, Disk, CancellationToken.None);
        var bytes = new byte[view.SizeBytes];
        await view.ReadAsync(0, bytes);
        return bytes;
    }

    public void Forget() => Services = NewServices();

    private static void Fill(Random random, byte[] image, int pieces)
    {
        for (var i = 0; i < pieces; i++)
        {
            var length = random.Next(100, 3000);
            // The third shard stays as it is but for the versions that change it on purpose.
            var at = random.Next((pieces > 20 ? DiskBytes : 2 * 65536) - length);
            random.NextBytes(image.AsSpan(at, length));
        }
    }
}
