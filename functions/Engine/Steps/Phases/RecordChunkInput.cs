namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A chunk's outcomes to be kept until the operation closes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Chunk">The chunk, with its outcomes.</param>
public sealed record RecordChunkInput(string Machine, long Operation, ChunkRecord Chunk);
