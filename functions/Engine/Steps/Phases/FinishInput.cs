namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>The end of a job's turn.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record FinishInput(string Machine, long Epoch);
