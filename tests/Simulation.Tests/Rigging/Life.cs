using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Restoring;

namespace SnapshotFunctions.SimulationTests.Rigging;

/// <summary>One process that works on the stores: everything it keeps in memory dies with it.</summary>
internal sealed class Life
{
    public Life(
        IObjectStore baseStore, IObjectStore deltaStore, ISourceOpener sources,
        TimeProvider time, EngineOptions options, ManifestOptions manifestOptions,
        IRestoreTargets? targets = null)
    {
        Manifests = new ManifestStore(
            baseStore, deltaStore, manifestOptions, time, isOwnerGone: _ => true);
        Services = new StepServices(
            baseStore, deltaStore, Manifests, sources, time, options);
        Steps =
        [
            .. EngineParts.Steps(Services), .. CheckParts.Steps(Services),
            .. UpkeepParts.Steps(Services),
            .. RestoreParts.Steps(Services, targets ?? new MemoryRestoreTargets()),
        ];
        Runner = new LocalRunner(
            baseStore,
            [
                .. EngineParts.Flows(options), .. CheckParts.Flows(options),
                .. UpkeepParts.Flows(), .. RestoreParts.Flows(options),
            ],
            Steps,
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan },
            time, NullLogger.Instance);
    }

    public ManifestStore Manifests { get; }

    public StepServices Services { get; }

    public IReadOnlyList<Step> Steps { get; }

    public LocalRunner Runner { get; }

    /// <summary>Starts a job and drives it to its end.</summary>
    public async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string job, string machine)
    {
        await Runner.StartAsync(flow, input, job, machine);
        return await Runner.RunToEndAsync(flow, job);
    }
}
