namespace SnapshotFunctions.Engine.Disks;

/// <summary>Neighbouring shards of a disk, from one up to but without another.</summary>
/// <param name="First">The first shard.</param>
/// <param name="End">One past the last shard.</param>
public readonly record struct ShardRange(int First, int End)
{
    /// <summary>How many shards it holds.</summary>
    public int Count => End - First;
}
