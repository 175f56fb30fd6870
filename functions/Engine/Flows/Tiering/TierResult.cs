namespace SnapshotFunctions.Engine.Flows.Tiering;

/// <summary>What tiering came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Looked">Objects that were looked at for a move of their own.</param>
/// <param name="Moved">Objects that moved by themselves.</param>
/// <param name="MovedBytes">Their bytes.</param>
/// <param name="Packs">Packs that were written.</param>
/// <param name="Packed">Deltas in them.</param>
/// <param name="PackedBytes">The packs' bytes.</param>
public sealed record TierResult(
    string Machine, int Looked, int Moved, long MovedBytes, int Packs, int Packed,
    long PackedBytes);
