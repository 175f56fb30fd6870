using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>The checking flows and steps, for a runner to register.</summary>
public static class CheckParts
{
    /// <summary>Every checking flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
    [
        new VerifyFlow(options),
        new VerifyShardsFlow(),
        new RebuildCatalogFlow(),
    ];

    /// <summary>Every checking step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new CheckMachineStep(services),
        new CheckFilesStep(services),
        new CheckShardStep(services),
        new FindMachinesStep(services),
        new RebuildMachineStep(services),
    ];
}
