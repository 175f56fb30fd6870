namespace SnapshotFunctions.AppTests.Replay;

/// <summary>An orchestrator did not do on replay what its history says it did.</summary>
public sealed class NonDeterministicException(string instance, int call, string expected, string found)
    : Exception($"{instance}, action {call}: the history has {expected}, the code {found}.");
