using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>The flows of a restore by name.</summary>
public static class RestoreNames
{
    /// <summary>Writes a disk as it was at a version.</summary>
    public static FlowName<RestoreInput, RestoreResult> Restore { get; } = new(
        "Restore", RestoreJson.Default.RestoreInput, RestoreJson.Default.RestoreResult);

    /// <summary>Writes some of its shards.</summary>
    public static FlowName<RestoreShardsInput, RestoreOutcome> Shards { get; } = new(
        "RestoreShards", RestoreJson.Default.RestoreShardsInput,
        RestoreJson.Default.RestoreOutcome);
}
