using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>The flow and steps of a rehydration, for a runner that keeps them apart.</summary>
public static class RehydrateParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        [new RehydrateFlow(options)];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new PlanRehydrationStep(services),
        new OpenRehydrationStep(services),
        new StartRehydrationStep(services),
        new CheckRehydrationStep(services),
        new EndRehydrationStep(services),
    ];
}
