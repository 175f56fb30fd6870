namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that makes merged indexes of one group; or none.</summary>
/// <param name="Operation">Its number; 0: every group has its index.</param>
/// <param name="Level">The group's level.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Disks">The shards that have at least two deltas in the group.</param>
public sealed record MergeTicket(
    long Operation, int Level, int Group, IReadOnlyList<DiskShards> Disks);
