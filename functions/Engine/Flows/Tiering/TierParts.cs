using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Tiering;

namespace SnapshotFunctions.Engine.Flows.Tiering;

/// <summary>The flow and steps of tiering, for a runner to register.</summary>
public static class TierParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) => [new TieringFlow(options)];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new PlanTierStep(services),
        new MoveTierStep(services),
        new OpenPackStep(services),
        new WritePackStep(services),
        new ClosePackStep(services),
    ];
}
