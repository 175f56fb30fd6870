namespace SnapshotFunctions.Engine.Intake;

/// <summary>What putting an upload aside came to.</summary>
/// <param name="Place">Where it lies now; null when it was not there (any more).</param>
public sealed record PutAsideOutcome(string? Place);
