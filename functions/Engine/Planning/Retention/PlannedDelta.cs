using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>Deltas of some shards that an expiry makes of all those between two versions.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="From">The version that they are laid over.</param>
/// <param name="To">The version that they lead to.</param>
/// <param name="Shards">The shards.</param>
public sealed record PlannedDelta(string Disk, int From, int To, ShardRanges Shards);
