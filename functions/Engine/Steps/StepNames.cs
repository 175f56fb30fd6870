using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;
using SnapshotFunctions.Engine.Steps.Merging;
using SnapshotFunctions.Engine.Steps.Rewriting;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>The steps by name, with how their inputs and results are written down.</summary>
public static class StepNames
{
    /// <summary>Ingests one shard.</summary>
    public static StepName<DeltaShardInput, ShardOutcome> DeltaShard { get; } = new(
        "DeltaShard", StepJson.Default.DeltaShardInput, StepJson.Default.ShardOutcome);

    /// <summary>Moves one shard's base.</summary>
    public static StepName<PatchShardInput, ShardOutcome> PatchShard { get; } = new(
        "PatchShard", StepJson.Default.PatchShardInput, StepJson.Default.ShardOutcome);

    /// <summary>Shuts an older operation out of one shard.</summary>
    public static StepName<FenceShardInput, ShardOutcome> FenceShard { get; } = new(
        "FenceShard", StepJson.Default.FenceShardInput, StepJson.Default.ShardOutcome);

    /// <summary>Makes one shard's merged index.</summary>
    public static StepName<MergeShardInput, ShardOutcome> MergeShard { get; } = new(
        "MergeShard", StepJson.Default.MergeShardInput, StepJson.Default.ShardOutcome);

    /// <summary>Makes one delta of several of one shard.</summary>
    public static StepName<ComposeShardInput, ShardOutcome> ComposeShard { get; } = new(
        "ComposeShard", StepJson.Default.ComposeShardInput, StepJson.Default.ShardOutcome);
}
