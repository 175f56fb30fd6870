namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>Objects that are to move.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="At">When it was planned: what packs' records say, whichever try writes them.</param>
/// <param name="Moves">The objects.</param>
public sealed record MoveTierInput(
    string Machine, long Epoch, DateTimeOffset At, IReadOnlyList<TierMove> Moves);
