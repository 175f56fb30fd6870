using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>The flow and steps of upkeep, for a runner that has those of checking too.</summary>
public static class UpkeepParts
{
    /// <summary>
    /// The sub-flows that upkeep runs before it verifies, in order: each is one line that names its
    /// part of <see cref="UpkeepDue"/> and starts a flow by its name.
    /// </summary>
    public static IReadOnlyList<UpkeepTask> Tasks { get; } = [];

    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows() => [new UpkeepFlow()];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
        [new PlanUpkeepStep(services), new RecordUpkeepStep(services), new SweepStep(services)];
}
