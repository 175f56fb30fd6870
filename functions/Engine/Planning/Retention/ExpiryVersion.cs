using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>What the plan of an expiry sees of a listed version.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Edges">The edges of each of its disks, by shard.</param>
public sealed record ExpiryVersion(
    int Number, IReadOnlyList<KeyValuePair<string, IReadOnlyList<ShardEdge>>> Edges);
