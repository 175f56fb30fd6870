namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation on bases whose shards are done or shut out.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Chunks">The shards that were moved.</param>
/// <param name="Fence">The operation that shut the others out; 0 when all were moved.</param>
public sealed record CloseMoveInput(
    string Machine, long Epoch, long Operation, IReadOnlyList<ChunkRecord> Chunks, long Fence = 0);
