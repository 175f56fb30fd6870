using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Merging;

/// <summary>What <c>MergeShard</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The operation that makes the index.</param>
/// <param name="Level">1 for a group of 16 versions, 2 for 256, and so on.</param>
/// <param name="Group">The group's number.</param>
public sealed record MergeShardInput(
    string Machine, string Disk, int Shard, long Operation, int Level, int Group)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
