namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation whose new deltas all lie in the store.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Chunks">The shards whose deltas were written.</param>
public sealed record CloseRewriteInput(
    string Machine, long Epoch, long Operation, IReadOnlyList<ChunkRecord> Chunks);
