using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Purging;

namespace SnapshotFunctions.Engine.Flows.Purging;

/// <summary>What a runner registers so that machines are deleted.</summary>
public static class PurgeParts
{
    /// <summary>The flows.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) => [new PurgeFlow(options)];

    /// <summary>The steps.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new LookPurgeStep(services),
        new MarkPurgeStep(services),
        new DeleteHeadStep(services),
        new DeleteObjectsStep(services),
    ];
}
