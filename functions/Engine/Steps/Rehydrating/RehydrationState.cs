namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>How some objects that are asked back stand.</summary>
/// <param name="Archived">How many cannot be read yet.</param>
public sealed record RehydrationState(int Archived);
