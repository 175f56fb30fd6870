using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A flattening whose shards are done.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Chunks">What its chunks came to.</param>
public sealed record CloseFlattenInput(
    string Machine, long Epoch, long Operation, IReadOnlyList<ChunkRecord> Chunks);
