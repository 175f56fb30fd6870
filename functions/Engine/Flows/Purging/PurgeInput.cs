namespace SnapshotFunctions.Engine.Flows.Purging;

/// <summary>A machine to delete, with all its versions.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="AtOnce">Whether it goes now, without the grace period.</param>
/// <param name="Cancel">Whether a deletion that has not begun is taken back instead.</param>
public sealed record PurgeInput(string Machine, bool AtOnce = false, bool Cancel = false);
