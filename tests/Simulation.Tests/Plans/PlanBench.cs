using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Plans;

/// <summary>
/// A machine whose every job is planned first, over stores that refuse writes, and then run by a
/// process that knows nothing yet, over stores that are metered.
/// </summary>
internal sealed class PlanBench
{
    public const string Machine = "vm";

    private readonly EngineOptions _options;
    private readonly ManifestOptions _manifests;
    private int _jobs;

    public PlanBench(Layout layout, EngineOptions? options = null)
    {
        Base = new SimulatedStore(new SimulatedStoreOptions { Clock = Time, Description = "base" });
        Delta = new SimulatedStore(new SimulatedStoreOptions { Clock = Time, Description = "delta" });
        _options = (options ?? new EngineOptions()) with { Layout = layout };
        _manifests = ManifestOptions.Default;
    }

    public ManualTimeProvider Time { get; } = new();

    public SimulatedStore Base { get; }

    public SimulatedStore Delta { get; }

    public MemorySources Sources { get; } = new();

    public MemoryRestoreTargets Targets { get; } = new();

    public PriceTable Prices => PriceTables.BuiltIn;

    public ManifestStore Manifests => new(Base, Delta, _manifests, Time);

    /// <summary>Makes the machine with a rule for its base.</summary>
    public Task CreateAsync(string rule, int forwards) => Manifests.CreateAsync(
        Machine, _options.Layout, new MachinePolicy(new BaseRuleSettings(rule, forwards), 600));

    public Task<Plan> PlanAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input) =>
        new Planner(new PlannerParts(
            new ReadOnlyStore(Base), new ReadOnlyStore(Delta), Sources, _options, _manifests,
            Prices, Time)).PlanAsync(flow, input, Machine);

    /// <summary>Runs a flow in a new process; what it used is the runner's own word.</summary>
    public async Task<JobInfo> RunAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var runner = NewRunner();
        var job = $"job-{++_jobs}";
        await runner.StartAsync(flow, input, job, Machine);
        await runner.RunToEndAsync(job);
        return (await runner.GetAsync(job))!;
    }

    public async Task<(Plan Plan, JobInfo Job)> PlanAndRunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input)
    {
        var plan = await PlanAsync(flow, input);
        return (plan, await RunAsync(flow, input));
    }

    public IngestInput InputOf(byte[] disk)
    {
        var name = $"image-{_jobs}";
        Sources.Add(name, disk);
        return new IngestInput(Machine, [new IngestDisk(name, "disk0")]);
    }

    public LocalRunner NewRunner(IEnumerable<Step>? more = null)
    {
        var (b, d) = (new MeteredStore(Base, Prices, Time), new MeteredStore(Delta, Prices, Time));
        var manifests = new ManifestStore(b, d, _manifests, Time);
        var services = new StepServices(b, d, manifests, Sources, Time, _options);
        return new LocalRunner(
            Base,
            [
                .. EngineParts.Flows(_options), .. RestoreParts.Flows(_options),
                .. CheckParts.Flows(_options), .. UpkeepParts.Flows(),
            ],
            [
                .. EngineParts.Steps(services), .. RestoreParts.Steps(services, Targets),
                .. CheckParts.Steps(services), .. UpkeepParts.Steps(services), .. more ?? [],
            ],
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, Time,
            NullLogger.Instance);
    }
}
