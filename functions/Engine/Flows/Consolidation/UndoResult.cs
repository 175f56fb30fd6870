namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>What an undo came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Withdrawn">The version that was taken back.</param>
/// <param name="Newest">The version that is the newest now.</param>
public sealed record UndoResult(string Machine, int Withdrawn, int Newest);
