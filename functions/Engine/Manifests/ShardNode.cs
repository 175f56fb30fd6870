using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>The fingerprint's node of one shard; 36 bytes packed.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Node">Its node; Zero for a shard that is all zero.</param>
public readonly record struct ShardNode(int Shard, Hash256 Node);
