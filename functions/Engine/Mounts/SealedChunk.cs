namespace SnapshotFunctions.Engine.Mounts;

/// <summary>A chunk as a commit takes it: this state of its object and no other.</summary>
/// <param name="Chunk">Its number.</param>
/// <param name="ETag">The state of its object.</param>
/// <param name="Sectors">Which sectors were written; the first is the lowest bit.</param>
/// <param name="Zeros">Which of them are all zero.</param>
public sealed record SealedChunk(long Chunk, string ETag, ulong Sectors, ulong Zeros);
