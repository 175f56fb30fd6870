using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>The repairing flows and steps, for a runner to register.</summary>
public static class RepairParts
{
    /// <summary>Every repairing flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        [new RepairFlow(options), new RepairShardsFlow()];

    /// <summary>Every repairing step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
        [new OpenRepairStep(services), new RepairShardStep(services)];
}
