namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>A machine to mark for deletion.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch; 0: the mark is taken back, which needs no turn.</param>
/// <param name="Since">The mark that is taken back; another one, made since, stays.</param>
public sealed record MarkPurgeInput(string Machine, long Epoch, DateTimeOffset? Since = null);
