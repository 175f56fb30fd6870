using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>A shard to repair.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The repair's number.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Images">Images that may hold what is damaged.</param>
public sealed record RepairShardInput(
    string Machine, string Disk, int Shard, long Operation, long Epoch,
    IReadOnlyList<RepairImage> Images)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
