namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>CheckRehydration</c> looks at.</summary>
/// <param name="Names">The objects.</param>
public sealed record CheckRehydrationInput(IReadOnlyList<string> Names);
