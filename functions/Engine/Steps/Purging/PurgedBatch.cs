namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>What was deleted at once.</summary>
/// <param name="Objects">Objects deleted.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="IsLast">Whether nothing is left.</param>
public sealed record PurgedBatch(int Objects, long Bytes, bool IsLast);
