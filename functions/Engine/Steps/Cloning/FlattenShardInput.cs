using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>What <c>FlattenShard</c> works on.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record FlattenShardInput(
    string Machine, string Disk, int Shard, long Operation, long Epoch)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
