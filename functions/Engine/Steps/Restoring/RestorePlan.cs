using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What a restore will do.</summary>
/// <param name="Source">What is restored.</param>
/// <param name="SizeBytes">The disk's size.</param>
/// <param name="KnownLengthBytes">The disk's size at the version that the target is to hold.</param>
/// <param name="Layout">The sizes the machine is cut by.</param>
/// <param name="Shards">The shards to look at; maybe a few more than can matter.</param>
/// <param name="PartBlocks">Blocks of a shard that one step works on.</param>
/// <param name="MostBytes">The most bytes that can have to be written.</param>
/// <param name="Node">The disk's node of the fingerprint at the version.</param>
public sealed record RestorePlan(
    RestoreSource Source, long SizeBytes, long? KnownLengthBytes, Layout Layout,
    ShardRanges Shards, int PartBlocks, long MostBytes, Hash256 Node)
{
    /// <summary>Whether the machine's rule for the base asks what is read.</summary>
    public bool CountsReads { get; init; }

    /// <summary>How many blocks of the disk lie in a shard; the last one may be short.</summary>
    public int BlocksOf(int shard) => checked((int)(
        (Layout.ShardLength(SizeBytes, shard) + Layout.BlockBytes - 1) / Layout.BlockBytes));

    /// <summary>How many steps a whole shard takes.</summary>
    public int PartsPerShard => (Layout.BlocksPerShard + PartBlocks - 1) / PartBlocks;

    /// <summary>The parts of a shard, as its first block and one past its last.</summary>
    public IEnumerable<(int First, int End)> PartsOf(int shard)
    {
        var blocks = BlocksOf(shard);
        for (var first = 0; first < blocks; first += PartBlocks)
            yield return (first, Math.Min(blocks, first + PartBlocks));
    }
}
