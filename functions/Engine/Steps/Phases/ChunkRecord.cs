namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>What the shards of one chunk came to.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Outcomes">An <see cref="OutcomeList"/>; null: it lies in the chunk's object.</param>
/// <param name="Chunk">The chunk's number in its operation.</param>
public sealed record ChunkRecord(string Disk, string? Outcomes, int Chunk);
