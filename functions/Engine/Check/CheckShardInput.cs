using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Check;

/// <summary>What <c>CheckShard</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Depth">How deep.</param>
/// <param name="Percent">The share of index pages of a sampled check.</param>
/// <param name="Rotation">Which share: successive numbers take successive ones.</param>
public sealed record CheckShardInput(
    string Machine, string Disk, int Shard, CheckDepth Depth, int Percent, int Rotation)
{
    /// <summary>The share of a sampled check, in place of percent and rotation; null for these.</summary>
    public VerifyShare? Share { get; init; }

    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
