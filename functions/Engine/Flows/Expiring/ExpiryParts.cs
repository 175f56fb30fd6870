using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Steps.Rewriting;

namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>What a runner registers so that versions expire.</summary>
public static class ExpiryParts
{
    /// <summary>The flows.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        [new ExpireFlow(options), new RetentionFlow(options), new ComposeShardsFlow()];

    /// <summary>The steps.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new PlanExpiryStep(services),
        new OpenExpiryStep(services),
        new ComposeShardStep(services),
        new CloseRewriteStep(services),
    ];
}
