using SnapshotFunctions.Engine.Check.Repairing;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>Some shards of one disk to repair.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shards">The shards, as ranges.</param>
/// <param name="Operation">The repair's number.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Images">Images that may hold what is damaged.</param>
public sealed record RepairShardsInput(
    string Machine, string Disk, string Shards, long Operation, long Epoch,
    IReadOnlyList<RepairImage> Images);
