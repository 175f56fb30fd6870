namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>StartRehydration</c> asks back.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Ticket">The rehydration.</param>
/// <param name="Objects">The objects.</param>
public sealed record StartRehydrationInput(
    string Machine, RehydrationTicket Ticket, IReadOnlyList<ArchivedObject> Objects);
