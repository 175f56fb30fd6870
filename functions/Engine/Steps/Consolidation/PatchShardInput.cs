using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>What <c>PatchShard</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The consolidation's number.</param>
/// <param name="Deltas">The deltas to lay over the base, in this order; at most 16.</param>
public sealed record PatchShardInput(
    string Machine, string Disk, int Shard, long Operation, IReadOnlyList<PatchDelta> Deltas)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
