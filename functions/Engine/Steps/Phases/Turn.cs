namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A machine's turn, or who has it.</summary>
/// <param name="Epoch">The claim's epoch; 0: somebody else has the turn.</param>
/// <param name="HeldBy">Who has it.</param>
/// <param name="Interrupted">Operations of other jobs that were left under way.</param>
public sealed record Turn(long Epoch, string? HeldBy, IReadOnlyList<long> Interrupted);
