using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary>The sub-flows over chunks of shards, by name.</summary>
public static class ChunkNames
{
    /// <summary>Ingests shards.</summary>
    public static FlowName<ChunkInput, ChunkRecord> DeltaShards { get; } = Name("DeltaShards");

    /// <summary>Moves shards' bases.</summary>
    public static FlowName<ChunkInput, ChunkRecord> PatchShards { get; } = Name("PatchShards");

    /// <summary>Shuts an operation out of shards.</summary>
    public static FlowName<ChunkInput, ChunkRecord> FenceShards { get; } = Name("FenceShards");

    /// <summary>Makes merged indexes of shards.</summary>
    public static FlowName<ChunkInput, ChunkRecord> MergeShards { get; } = Name("MergeShards");

    /// <summary>Makes one delta of several of shards.</summary>
    public static FlowName<ChunkInput, ChunkRecord> ComposeShards { get; } = Name("ComposeShards");

    private static FlowName<ChunkInput, ChunkRecord> Name(string name) =>
        new(name, FlowJson.Default.ChunkInput, FlowJson.Default.ChunkRecord);
}
