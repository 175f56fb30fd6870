namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Versions that shall expire, and those that were hidden before.</summary>
/// <param name="Versions">Their numbers, ascending.</param>
/// <param name="Halted">Why none does, in words; null when the rules decide.</param>
public sealed record ExpiryTicket(IReadOnlyList<int> Versions, string? Halted);
