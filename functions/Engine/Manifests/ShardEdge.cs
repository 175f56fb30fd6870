using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What one version changed in one shard, and the deltas that lead over that edge; 56 bytes packed.
/// </summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Previous">The version below this edge; 0 for none.</param>
/// <param name="ForwardOperation">The operation that wrote the forward delta; 0: there is none.</param>
/// <param name="ReverseOperation">The operation that wrote the reverse delta; 0: there is none.</param>
/// <param name="Node">The shard's node of the fingerprint at this version.</param>
public readonly record struct ShardEdge(
    int Shard, int Previous, long ForwardOperation, long ReverseOperation, Hash256 Node);
