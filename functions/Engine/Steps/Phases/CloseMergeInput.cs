namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Merged indexes that are written.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Ticket">What was opened.</param>
public sealed record CloseMergeInput(string Machine, long Epoch, MergeTicket Ticket);
