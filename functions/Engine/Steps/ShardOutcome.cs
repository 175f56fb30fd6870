using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>What a shard's step came to.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Changed">Whether the version differs from the one below.</param>
/// <param name="Node">The shard's node at the new version.</param>
/// <param name="ChangedBytes">Bytes in changed sectors.</param>
/// <param name="StoredBytes">Bytes written for them.</param>
/// <param name="Version">The version that the shard's base stands at, after a patch.</param>
public sealed record ShardOutcome(
    int Shard, bool Changed, Hash256 Node, long ChangedBytes, long StoredBytes, int Version = 0);
