using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>A shard in a seal.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Chunks">The SHA-256 of the list of its chunks, by which that is named.</param>
public sealed record SealedShard(int Shard, Hash256 Chunks);
