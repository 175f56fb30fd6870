namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>A repair that is listed.</summary>
/// <param name="Operation">Its number.</param>
/// <param name="Disks">The shards that it may commit.</param>
public sealed record RepairTicket(
    long Operation, IReadOnlyList<Steps.Phases.DiskShards> Disks);
