using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>The merged indexes of some shards over one group of 16^level reverse deltas.</summary>
/// <param name="Disk">The disk's name.</param>
/// <param name="Level">1 for a group of 16, 2 for one of 256, up to 7.</param>
/// <param name="Group">
/// The group's number: it covers the edges above Group * 16^Level, up to <see cref="UpperEdge"/>.
/// </param>
/// <param name="Operation">The operation that wrote them.</param>
/// <param name="Shards">The shards.</param>
public sealed record MergedRecord(
    string Disk, int Level, int Group, long Operation, ShardRanges Shards)
{
    /// <summary>The deepest level that a version's number has room for.</summary>
    public const int MaxLevel = 7;

    /// <summary>It covers edges above this one: Group * 16^Level.</summary>
    public long LowerEdge => (long)Group << (4 * Level);

    /// <summary>The highest edge that it covers: (Group + 1) * 16^Level.</summary>
    public long UpperEdge => (Group + 1L) << (4 * Level);

    /// <summary>The names of all its objects.</summary>
    public IEnumerable<string> Names(string machine) => Shards.Select(shard =>
        ObjectNames.MergedIndex(new ShardKey(machine, Disk, shard), Level, Group, Operation));
}
