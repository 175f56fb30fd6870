using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>The engine over one opened store, with a runner whose journal lies in that store.</summary>
internal sealed class LocalEngine : IDisposable
{
    /// <summary>1 MiB: what a processor keeps near itself, and one read of a disk.</summary>
    private const int FolderChangeWindowBlocks = 16;

    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly IJobEvents? _events;

    /// <summary>Puts the parts together; does no I/O.</summary>
    /// <param name="store">The store; it is closed with the engine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the runners log.</param>
    /// <param name="events">Told of the jobs; null for nobody.</param>
    /// <param name="observer">Told of the manifests that are written; null for nobody.</param>
    /// <param name="prices">The price table; null for the one that comes with the program.</param>
    public LocalEngine(
        OpenStore store, TimeProvider time, ILogger logger, IJobEvents? events = null,
        IManifestObserver? observer = null, PriceTable? prices = null)
    {
        Prices = prices ?? PriceTables.BuiltIn;
        var (inBase, inDelta) = (
            new MeteredStore(store.Base, Prices, time), new MeteredStore(store.Delta, Prices, time));
        Store = store;
        Time = time;
        _logger = logger;
        _events = events;
        _options = new EngineOptions
        {
            ProcessOwner = ProcessOwner.Text, Meter = new StepMeter(Progress), Prices = Prices,
        };
        if (store.IsNear)
            _options = _options with { ChangeWindowBlocks = FolderChangeWindowBlocks };
        Manifests = new ManifestStore(
            inBase, inDelta, ManifestOptions.Default, time, ProcessOwner.IsGone,
            observer);
        Services = new StepServices(
            inBase, inDelta, Manifests, new FileSourceOpener(time), time, _options);
        Planner = new Planner(PlannerParts.Of(Services, Prices));
        Runner = new LocalRunner(
            store.Base,
            [
                .. EngineParts.Flows(_options), .. CheckParts.Flows(_options),
                .. UpkeepParts.Flows(),
            ],
            [
                .. EngineParts.Steps(Services), .. CheckParts.Steps(Services),
                .. UpkeepParts.Steps(Services),
            ],
            new LocalRunnerOptions { Progress = Progress, Events = events }, time, logger);
    }

    /// <summary>The store.</summary>
    public OpenStore Store { get; }

    /// <summary>The price table.</summary>
    public PriceTable Prices { get; }

    /// <summary>Plans flows.</summary>
    public Planner Planner { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The manifests.</summary>
    public ManifestStore Manifests { get; }

    /// <summary>What steps work with.</summary>
    public StepServices Services { get; }

    /// <summary>Opens disks of versions.</summary>
    public ViewOpener Views => Services.Views;

    /// <summary>Runs and resumes flows that change a machine.</summary>
    public LocalRunner Runner { get; }

    /// <summary>Where reports of running flows go.</summary>
    public ProgressRelay Progress { get; } = new();

    /// <summary>The ways to the machines within this process.</summary>
    public MachineGates Gates { get; } = new();

    /// <summary>A runner for flows that take no turn, for this command alone.</summary>
    public ReadingRunner OpenReading() => new(Time, ReadingOver);

    /// <summary>A runner for flows that take no turn, whose journal lies in a store of its own.</summary>
    public LocalRunner ReadingOver(IObjectStore journal) => new(
        journal,
        [
            .. RestoreParts.Flows(_options), .. CheckParts.Flows(_options),
        ],
        [
            .. RestoreParts.Steps(Services, new FileRestoreTargets()),
            .. CheckParts.Steps(Services),
        ],
        new LocalRunnerOptions { Progress = Progress, Events = _events }, Time, _logger);

    /// <summary>Whether anything is stored under a machine's name.</summary>
    public async Task<bool> KnowsAsync(string machine, CancellationToken cancellation)
    {
        var prefix = ObjectNames.Machine(ObjectNames.CheckName("machine", machine));
        await foreach (var _ in Store.Base.ListAsync(prefix, cancellation)) return true;
        await foreach (var _ in Store.Delta.ListAsync(prefix, cancellation)) return true;
        return false;
    }

    /// <summary>Starts a flow about a machine and drives it to its end.</summary>
    public Task<(TOut Result, string Job)> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, CancellationToken cancellation) =>
        RunAsync(flow, input, machine, planned: null, cancellation);

    /// <summary>Starts a flow about a machine with its plan and drives it to its end.</summary>
    public async Task<(TOut Result, string Job)> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, Usage? planned,
        CancellationToken cancellation)
    {
        var job = JobIds.Next(flow.Name, machine, Time);
        await Runner.StartAsync(flow, input, job, machine, planned, cancellation);
        return (await Runner.RunToEndAsync(flow, job, cancellation), job);
    }

    /// <summary>What a job has used; null when that is not known (any more).</summary>
    public async Task<Usage?> UsedAsync(string job, CancellationToken cancellation) =>
        (await Runner.GetAsync(job, cancellation))?.Used;

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();
}
