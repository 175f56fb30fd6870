namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>A repair to list.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Disks">The shards to look at; empty for all.</param>
public sealed record OpenRepairInput(
    string Machine, string Job, long Epoch, IReadOnlyList<Steps.Phases.DiskShards> Disks);
