using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Mounting;

namespace SnapshotFunctions.Engine.Flows.Mounting;

/// <summary>What a runner registers so that mounts are committed.</summary>
public static class MountParts
{
    /// <summary>The flows.</summary>
    public static IReadOnlyList<Flow> Flows() => [new CommitMountFlow()];

    /// <summary>The steps.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new FreezeMountStep(services),
        new SealMountStep(services),
        new ReopenMountStep(services),
        new CloseMountStep(services),
    ];
}
