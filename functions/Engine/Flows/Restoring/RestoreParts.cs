using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>The flows and steps of restores and of rehydrations, for a runner to register.</summary>
public static class RestoreParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        
    [
        new RestoreFlow(options),
        new RestoreShardsFlow(),
        .. RehydrateParts.Flows(options),
    ];

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
        .. RehydrateParts.Steps(services),
    ];
}
