namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>What fencing a shard came to.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Completed">Whether the fenced operation had completed it before.</param>
public sealed record FenceOutcome(int Shard, bool Completed);
