using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Purging;

/// <summary>The flow of a machine's deletion by name.</summary>
public static class PurgeNames
{
    /// <summary>Deletes a machine.</summary>
    public static FlowName<PurgeInput, PurgeResult> Purge { get; } = new(
        "Purge", PurgeJson.Default.PurgeInput, PurgeJson.Default.PurgeResult);
}
