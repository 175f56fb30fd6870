namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>CheckRehydration</c> looks at.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Ticket">The rehydration.</param>
/// <param name="Names">The objects.</param>
public sealed record CheckRehydrationInput(
    string Machine, RehydrationTicket Ticket, IReadOnlyList<string> Names);
