namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A clone that shall read nothing of its origin any more.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Job">The job.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record FlattenInput(string Machine, string Job, long Epoch);
