namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A newest version that is taken back.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Version">The version; 0 when the undo begins and it may be whichever is newest.</param>
public sealed record UndoPhaseInput(string Machine, long Epoch, int Version);
