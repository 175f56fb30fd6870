using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// The deltas of some shards between the same two versions, written by the same operation: for
/// each shard an index and its data. Not all of them need exist.
/// </summary>
/// <param name="Disk">The disk's name.</param>
/// <param name="From">The version they are laid over.</param>
/// <param name="To">The version they lead to.</param>
/// <param name="Operation">The operation that writes or wrote them.</param>
/// <param name="Shards">The shards.</param>
public sealed record DeltaSet(string Disk, int From, int To, long Operation, ShardRanges Shards)
{
    /// <summary>The key that all of these deltas have.</summary>
    public DeltaKey Key => new(From, To, Operation);

    /// <summary>
    /// The names of all objects, shard by shard, each index before its data: deleted in this
    /// order, what a crash leaves is data that no index makes exist.
    /// </summary>
    public IEnumerable<string> Names(string machine)
    {
        foreach (var shard in Shards)
        {
            var key = new ShardKey(machine, Disk, shard);
            yield return ObjectNames.DeltaIndex(key, Key);
            yield return ObjectNames.DeltaData(key, Key);
        }
    }
}
