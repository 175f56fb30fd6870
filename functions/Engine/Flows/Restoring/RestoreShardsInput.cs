using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>Some shards to restore.</summary>
/// <param name="Plan">The whole restore, with these shards alone.</param>
/// <param name="Target">Where to.</param>
/// <param name="DoneBytes">Bytes of the disk that are dealt with already, to tell progress.</param>
/// <param name="TotalBytes">Bytes of the disk in all.</param>
public sealed record RestoreShardsInput(
    RestorePlan Plan, PreparedTarget Target, long DoneBytes, long TotalBytes)
{
    /// <summary>The shards.</summary>
    public ShardRanges Shards => Plan.Shards;
}
