namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>How a machine's deletion stands.</summary>
/// <param name="State">What is there of the machine.</param>
/// <param name="Since">Since when it is marked; null: it is not.</param>
/// <param name="Due">When it may be deleted, once it is marked.</param>
public sealed record PurgeMark(
    PurgeState State, DateTimeOffset? Since = null, DateTimeOffset? Due = null);
