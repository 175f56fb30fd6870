using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Cloning;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>What a runner registers so that machines are cloned.</summary>
public static class CloneParts
{
    /// <summary>The flows.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
        [new CloneFlow(), new FlattenFlow(options), new FlattenShardsFlow()];

    /// <summary>The steps.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new ChooseOriginStep(services),
        new PinOriginStep(services),
        new CreateCloneStep(services),
        new UnpinOriginStep(services),
        new OpenFlattenStep(services),
        new FlattenShardStep(services),
        new CloseFlattenStep(services),
    ];
}
