namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>How some objects that are asked back stand.</summary>
/// <param name="Archived">How many cannot be read yet.</param>
/// <param name="Lost">How many of those are not on their way and must be asked for again.</param>
public sealed record RehydrationState(int Archived, int Lost = 0);
