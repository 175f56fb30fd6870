namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An undo under way.</summary>
/// <param name="Withdrawn">The version that is taken back.</param>
/// <param name="Newest">The version that will be the newest.</param>
public sealed record UndoTicket(int Withdrawn, int Newest);
