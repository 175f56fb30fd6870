namespace SnapshotFunctions.Http.Jobs;

/// <summary>How a machine is deleted.</summary>
/// <param name="AtOnce">Whether without the grace period: nothing brings it back.</param>
/// <param name="Cancel">Whether a deletion that has not begun is taken back instead.</param>
public sealed record PurgeRequest(bool AtOnce = false, bool Cancel = false);
