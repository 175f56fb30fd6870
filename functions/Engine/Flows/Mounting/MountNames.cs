using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Mounting;

/// <summary>The flows of mounts by name.</summary>
public static class MountNames
{
    /// <summary>Makes a version of a clone of what was written to a mount.</summary>
    public static FlowName<CommitMountInput, CommitMountResult> Commit { get; } = new(
        "CommitMount", MountFlowJson.Default.CommitMountInput,
        MountFlowJson.Default.CommitMountResult);
}
