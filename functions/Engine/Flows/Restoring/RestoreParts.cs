using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>The flows and steps of a restore, for a runner to register.</summary>
public static class RestoreParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        [new RestoreFlow(options), new RestoreShardsFlow()];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services, IRestoreTargets targets) =>
    [
        new PlanRestoreStep(services),
        new PrepareTargetStep(targets),
        new RestoreShardStep(services, targets),
        new RestoreImageStep(services, targets),
        new CompleteRestoreStep(targets),
        new AbandonRestoreStep(targets),
        new NoteReadStep(services),
    ];
}
