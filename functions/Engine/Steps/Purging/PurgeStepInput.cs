namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>A machine whose deletion goes on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Since">
/// Since when it is marked, as this deletion has seen it: a run that comes late does not delete a
/// machine that was kept, or made anew, and marked again since. Null where its manifest is gone.
/// </param>
public sealed record PurgeStepInput(string Machine, DateTimeOffset? Since = null);
