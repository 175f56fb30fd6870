using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>
/// A machine that is snapshotted every hour for years, on a simulated clock and billed stores, with
/// the model of what it must hold beside it. Every job runs as in a process of its own, which knows
/// nothing of those before: so do jobs on a serverless engine.
/// </summary>
internal sealed partial class YearsRun
{
    public const string Machine = "vm";

    /// <summary>64 blocks of 4 sectors a shard, 16 blocks a page, two shards a disk.</summary>
    private static readonly Layout Small = new(256, 1024, 16, 16384, 65536);

    private static readonly ManifestOptions Manifest = new(HeadVersions: 16);

    private readonly YearPrices _prices;
    private readonly Random _random;
    private readonly MemorySources _sources = new();
    private readonly EngineOptions _options;
    private readonly byte[] _disk = new byte[2 * 65536];
    private readonly SimulatedStore _base;
    private readonly SimulatedStore _delta;
    private readonly Dictionary<string, JobSums> _sums = new(StringComparer.Ordinal);
    private readonly Queue<long> _ingests = new();
    private readonly int _stepHours;
    private int _jobs;
    private int _snapshots;
    private DateTimeOffset _next;

    /// <param name="prices">What the provider bills by.</param>
    /// <param name="seed">Makes what the guest writes.</param>
    /// <param name="stepHours">The hours from snapshot to snapshot; a day is made of them.</param>
    public YearsRun(YearPrices prices, int seed, int stepHours = 1)
    {
        (_prices, _random, _stepHours) = (prices, new Random(seed), stepHours);
        _next = Clock.GetUtcNow();
        var options = new SimulatedStoreOptions { Clock = Clock };
        _base = new SimulatedStore(options with { Description = "base" });
        _delta = new SimulatedStore(options with { Description = "delta" });
        Base = new BilledStore(_base, Clock, prices);
        Delta = new BilledStore(_delta, Clock, prices);
        var margins = TieringMargins.Default;
        _options = new EngineOptions
        {
            Layout = Small,
            WindowsAtOnce = 1,
            RequestsAtOnce = 1,
            ReverseTier = StorageTier.Hot,
            Prices = YearPrices.Table(),
            Tiering = margins with
            {
                PackBytes = margins.PackBytes / YearPrices.Scale,
                MostPackBytes = margins.MostPackBytes / YearPrices.Scale,
            },
        };
        _random.NextBytes(_disk.AsSpan(0, _disk.Length / 2));
    }

    public ManualTimeProvider Clock { get; } = new();

    public BilledStore Base { get; }

    public BilledStore Delta { get; }

    /// <summary>A full copy of every version that must still be there.</summary>
    public SortedDictionary<int, byte[]> Model { get; } = [];

    public IReadOnlyDictionary<string, JobSums> Jobs => _sums;

    public long Requests => Base.Requests + Delta.Requests;

    /// <summary>Requests of an ingest with its move of the base, on average of the last 100.</summary>
    public double RequestsAnIngest => _ingests.Average();

    public decimal BilledOnce => Base.Once + Delta.Once;

    private StepServices Services(IObjectStore inBase, IObjectStore inDelta) => new(
        inBase, inDelta, new ManifestStore(inBase, inDelta, Manifest, Clock), _sources, Clock,
        _options);

    public Task StartAsync(MachinePolicy policy) =>
        new ManifestStore(Base, Delta, Manifest, Clock).CreateAsync(Machine, Small, policy);

    /// <summary>A day of snapshots, then retention and tiering.</summary>
    public async Task DayAsync()
    {
        do await StepAsync();
        while (_snapshots % SnapshotsADay > 0);
    }

    private int SnapshotsADay => 24 / _stepHours;

    private async Task StepAsync()
    {
        await SnapshotAsync(isPlanned: _snapshots % SnapshotsADay == SnapshotsADay / 2);
        if (_snapshots % SnapshotsADay > 0) return;
        var gone = await RunAsync(
            ExpiryNames.Retention, new RetentionInput(Machine), margin: 0.05m);
        foreach (var version in gone.Expired.Concat(gone.Hidden)) Model.Remove(version);
        await RunAsync(TierNames.Tier, new TierInput(Machine), margin: 0.01m);
    }

    /// <summary>An hour goes by, or some, the guest writes a little, a snapshot is taken.</summary>
    private async Task SnapshotAsync(bool isPlanned)
    {
        if (_next > Clock.GetUtcNow()) Clock.Advance(_next - Clock.GetUtcNow());
        _next += TimeSpan.FromHours(_stepHours);
        _snapshots++;
        for (var left = _random.Next(1, 6); left > 0; left--)
        {
            var at = _random.Next(_disk.Length - 300);
            _random.NextBytes(_disk.AsSpan(at, _random.Next(1, 300)));
        }
        var upload = $"upload-{_snapshots}";
        _sources.Add(upload, (byte[])_disk.Clone());
        var input = new IngestInput(Machine, [new IngestDisk(upload, "disk0")]);
        var before = Requests;
        var result = isPlanned
            ? await RunAsync(FlowNames.Ingest, input, margin: 0.1m)
            : await RunAsync(FlowNames.Ingest, input);
        _ingests.Enqueue(Requests - before);
        if (_ingests.Count > 100) _ingests.Dequeue();
        _sources.Remove(upload);
        Model.Add(result.Version, (byte[])_disk.Clone());
        _times.Add(result.Version, Clock.GetUtcNow());
    }

    /// <summary>
    /// Plans a job on the same stores, unbilled, then runs it and holds bill and plan side by side.
    /// </summary>
    private async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, decimal margin)
    {
        var planner = new Planner(PlannerParts.Of(Services(_base, _delta), _options.Prices));
        var plan = await planner.PlanAsync(flow, input, Machine);
        var before = BilledOnce;
        var result = await RunAsync(flow, input);
        var sums = _sums.GetValueOrDefault(flow.Name, new JobSums(margin, 0, 0, 0));
        _sums[flow.Name] = sums with
        {
            Count = sums.Count + 1,
            Planned = sums.Planned + _options.Prices.Once(plan.Usage),
            Billed = sums.Billed + BilledOnce - before,
        };
        return result;
    }

    private async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, Func<DateTimeOffset, Task>? wait = null)
    {
        var services = Services(Base, Delta);
        var context = new HourContext(
            EngineParts.Flows(_options).Concat(RestoreParts.Flows(_options))
                .ToDictionary(f => f.Name, StringComparer.Ordinal),
            EngineParts.Steps(services).Concat(RestoreParts.Steps(services, _targets))
                .ToDictionary(s => s.Name, StringComparer.Ordinal),
            Clock, $"job-{++_jobs}", wait);
        return await context.RunFlowAsync(flow, input);
    }

    /// <summary>The versions that can be restored.</summary>
    public async Task<IReadOnlyList<int>> ListedAsync()
    {
        var manifest = await Services(_base, _delta).Manifests.LoadAsync(Machine);
        var listed = new List<int>();
        await foreach (var version in manifest.VersionsAsync())
            if (version.State == VersionState.Ready) listed.Add(version.Number);
        return listed;
    }

    /// <summary>Reads a version whole; the place of the first wrong byte, or -1.</summary>
    public async Task<int> FirstWrongByteAsync(int version)
    {
        var expected = Model[version];
        var view = await Services(_base, _delta).Views.OpenAsync(
            Machine, version, null, CancellationToken.None);
        var found = new byte[expected.Length];
        await view.ReadAsync(0, found);
        var alike = found.AsSpan().CommonPrefixLength(expected);
        return alike == expected.Length ? -1 : alike;
    }

    /// <summary>All that is owed, by what for.</summary>
    public IReadOnlyDictionary<string, decimal> Bill() => Base.Sums.Concat(Delta.Sums)
        .GroupBy(s => s.Key, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Sum(s => s.Value), StringComparer.Ordinal);

    /// <summary>What lies there now, and what it costs a month, by tier.</summary>
    public IReadOnlyDictionary<StorageTier, (decimal Bytes, decimal Price)> MonthBy() =>
        Base.Lying.Concat(Delta.Lying).GroupBy(l => l.Tier).ToDictionary(
            g => g.Key,
            g => (g.Sum(l => l.Bytes), g.Sum(l => Price(l.Tier, l.Bytes))));

    /// <summary>The same bytes in one tier, a month.</summary>
    public decimal MonthAll(StorageTier tier) =>
        Base.Lying.Concat(Delta.Lying).Sum(l => Price(tier, l.Bytes));

    /// <summary>Every kept version stored whole as the base is, a month, in Cool.</summary>
    public decimal MonthOfCopies() =>
        Model.Count * Base.Lying.Max(l => l.Bytes) * 2 * _prices.Of(StorageTier.Cool).ByteDay * 30;

    /// <summary>The first kept version and what each later one changed, as disk snapshots.</summary>
    public decimal MonthOfDiskSnapshots() =>
        ((_disk.Length / 2) + Model.Values.Zip(Model.Values.Skip(1), Differing).Sum())
        * _prices.DiskSnapshotByteMonth;

    private static long Differing(byte[] one, byte[] next)
    {
        var bytes = 0L;
        for (var at = 0; at < one.Length; at += Small.SectorBytes)
        {
            var sector = one.AsSpan(at, Small.SectorBytes);
            if (!sector.SequenceEqual(next.AsSpan(at, Small.SectorBytes))) bytes += sector.Length;
        }
        return bytes;
    }

    private decimal Price(StorageTier tier, decimal bytes) =>
        Math.Max(bytes, _prices.Of(tier).MinimumBytes) * _prices.Of(tier).ByteDay * 30;
}
