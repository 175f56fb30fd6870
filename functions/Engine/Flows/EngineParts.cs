using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;

namespace SnapshotFunctions.Engine.Flows;

/// <summary>All flows and steps, for a runner to register.</summary>
public static class EngineParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [];
    }

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new DeltaShardStep(services),
        new PatchShardStep(services),
        new FenceShardStep(services),
    ];
}
