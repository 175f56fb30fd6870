namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>A machine whose deletion goes on.</summary>
/// <param name="Machine">The machine.</param>
public sealed record PurgeStepInput(string Machine);
