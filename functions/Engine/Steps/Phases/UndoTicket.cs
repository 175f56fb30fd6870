namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An undo under way.</summary>
/// <param name="Withdrawn">The version that is taken back.</param>
/// <param name="Newest">The version that will be the newest.</param>
/// <param name="WasHidden">
/// Whether it was an expired one that lay above the newest; that one is taken back next.
/// </param>
public sealed record UndoTicket(int Withdrawn, int Newest, bool WasHidden = false);
