using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.AppTests.Replay;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Outcomes;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Intake;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.AppTests.Rigging;

/// <summary>The app's flows and steps with small sizes over simulated stores.</summary>
public sealed class AppRig
{
    private readonly Dictionary<string, Step> _steps;

    public AppRig()
    {
        var process = new SimulatedProcess();
        var options = new EngineOptions
        {
            Layout = new Layout(256, 1024, 4, 4096, 16384), WindowBlocks = 3, ChunkSteps = 2,
        };
        var first = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Time, Process = process, Description = "base",
        });
        var second = new SimulatedStore(new SimulatedStoreOptions
        {
            Clock = Time, Process = process, Description = "delta",
        });
        Services = new StepServices(
            first, second, new ManifestStore(first, second, new ManifestOptions(4, 8, 4, 6), Time),
            Sources, Time, options);
        Flows = AnnouncingFlow.Wrap(
        [
            .. EngineParts.Flows(options), .. RestoreParts.Flows(options),
            .. CheckParts.Flows(options), .. UpkeepParts.Flows(),
            .. IntakeParts.Flows(),
        ]);
        _steps = AppEngine.StepsOf(Services, Uploads, new MemoryRestoreTargets(), Outcomes)
            .ToDictionary(s => s.Name, StringComparer.Ordinal);
    }

    public ManualTimeProvider Time { get; } = new(jumps: true);

    public TinySources Sources { get; } = new();

    public MemoryUploads Uploads { get; } = new();

    public ListedOutcomes Outcomes { get; } = new();

    public StepServices Services { get; }

    public IReadOnlyList<Flow> Flows { get; }

    /// <summary>Activities that die, by name: how often still.</summary>
    public Dictionary<string, int> Deaths { get; } = new(StringComparer.Ordinal);

    /// <summary>A host over these parts.</summary>
    public ReplayHost Host(FlowCatalog? flows = null) =>
        new(flows ?? new FlowCatalog(Flows), RunAsync);

    private async Task<string> RunAsync(string name, string input)
    {
        if (Deaths.TryGetValue(name, out var left) && left > 0)
        {
            Deaths[name] = left - 1;
            throw new WorkerDiedException();
        }
        if (name == OrchestrationRunner.RecordJob) return new StepAnswer("true").ToJson();
        try
        {
            return new StepAnswer(
                await _steps[name].RunJsonAsync(input, CancellationToken.None)).ToJson();
        }
        catch (Exception error)
        {
            return StepAnswer.Of(error).ToJson();
        }
    }
}
