using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>What <c>PatchShard</c> works on; the deltas follow from the operation's listing.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The consolidation's number.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record PatchShardInput(
    string Machine, string Disk, int Shard, long Operation, long Epoch)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
