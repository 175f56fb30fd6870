using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>The flows of clones by name.</summary>
public static class CloneNames
{
    /// <summary>Makes a clone.</summary>
    public static FlowName<CloneInput, CloneResult> Clone { get; } = new(
        "Clone", CloneFlowJson.Default.CloneInput, CloneFlowJson.Default.CloneResult);

    /// <summary>Makes a clone independent of its origin.</summary>
    public static FlowName<FlattenFlowInput, FlattenResult> Flatten { get; } = new(
        "Flatten", CloneFlowJson.Default.FlattenFlowInput, CloneFlowJson.Default.FlattenResult);

    /// <summary>A chunk of shards of it.</summary>
    public static FlowName<ChunkInput, ChunkRecord> FlattenShards { get; } = new(
        "FlattenShards", FlowJson.Default.ChunkInput, FlowJson.Default.ChunkRecord);
}
