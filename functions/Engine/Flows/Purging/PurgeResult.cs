namespace SnapshotFunctions.Engine.Flows.Purging;

/// <summary>What a deletion came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="IsGone">Whether all of it is deleted.</param>
/// <param name="Due">When it will be, by the next purge or upkeep; null: not at all, or it is.</param>
/// <param name="Objects">Objects deleted.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record PurgeResult(
    string Machine, bool IsGone, DateTimeOffset? Due, long Objects, long Bytes);
