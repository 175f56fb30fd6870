namespace SnapshotFunctions.Engine.Mounts;

/// <summary>The chunks of one shard that a commit takes.</summary>
/// <param name="Chunks">They, ascending.</param>
public sealed record SealedChunks(IReadOnlyList<SealedChunk> Chunks);
