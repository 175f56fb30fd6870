using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>StartRehydration</c> asks back.</summary>
/// <param name="Names">The objects.</param>
/// <param name="Priority">How soon.</param>
public sealed record StartRehydrationInput(
    IReadOnlyList<string> Names, RehydrationPriority Priority);
