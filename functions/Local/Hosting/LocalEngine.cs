using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>The engine over one opened store, with a runner whose journal lies in that store.</summary>
internal sealed class LocalEngine : IDisposable
{
    private readonly EngineOptions _options;
    private readonly ILogger _logger;

    /// <summary>Puts the parts together; does no I/O.</summary>
    public LocalEngine(OpenStore store, TimeProvider time, ILogger logger)
    {
        Store = store;
        Time = time;
        _logger = logger;
        _options = new EngineOptions
        {
            ProcessOwner = ProcessOwner.Text, Meter = new StepMeter(Progress),
        };
        Manifests = new ManifestStore(
            store.Base, store.Delta, ManifestOptions.Default, time, ProcessOwner.IsGone);
        Services = new StepServices(
            store.Base, store.Delta, Manifests, new FileSourceOpener(), time, _options);
        Runner = new LocalRunner(
            store.Base, EngineParts.Flows(_options), EngineParts.Steps(Services),
            new LocalRunnerOptions { Progress = Progress }, time, logger);
    }

    /// <summary>The store.</summary>
    public OpenStore Store { get; }

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

    /// <summary>A runner for flows that take no turn.</summary>
    public ReadingRunner OpenReading() => new(Services, _options, Progress, _logger);

    /// <summary>Whether anything is stored under a machine's name.</summary>
    public async Task<bool> KnowsAsync(string machine, CancellationToken cancellation)
    {
        var prefix = ObjectNames.Machine(ObjectNames.CheckName("machine", machine));
        await foreach (var _ in Store.Base.ListAsync(prefix, cancellation)) return true;
        await foreach (var _ in Store.Delta.ListAsync(prefix, cancellation)) return true;
        return false;
    }

    /// <summary>Starts a flow about a machine and drives it to its end.</summary>
    public async Task<(TOut Result, string Job)> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, CancellationToken cancellation)
    {
        var job = JobIds.Next(flow.Name, machine, Time);
        await Runner.StartAsync(flow, input, job, machine, cancellation);
        return (await Runner.RunToEndAsync(flow, job, cancellation), job);
    }

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();
}
