using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// The indexes of a shard's deltas that were found good, read once more whenever they are asked
/// for: a long chain's indexes do not fit in memory together.
/// </summary>
internal sealed class DeltaReads(IObjectStore deltaStore, ShardKey shard, HashSet<DeltaKey> good)
{
    private const int MostKeptBytes = 64 << 20;
    private readonly Dictionary<DeltaKey, DeltaIndex> _kept = [];
    private long _keptBytes;

    public IObjectStore Store => deltaStore;

    public string DataName(DeltaPlace place) => place.DataName(shard);

    public string IndexName(DeltaKey key) => ObjectNames.DeltaIndex(shard, key);

    /// <summary>The index, or null when it was not found good.</summary>
    public async Task<DeltaIndex?> FindAsync(DeltaKey key, CancellationToken cancellation)
    {
        if (!good.Contains(key)) return null;
        if (_kept.TryGetValue(key, out var kept)) return kept;
        try
        {
            var (bytes, _) = await deltaStore.ReadWholeAsync(
                IndexName(key), DeltaIndex.MostBytes, cancellation);
            var index = DeltaIndex.Decode(bytes, IndexName(key));
            if ((_keptBytes += bytes.Length) <= MostKeptBytes) _kept.Add(key, index);
            return index;
        }
        catch (SnapshotException error) when (error is ObjectNotFoundException)
        {
            // It was good a moment ago: it was swept, and the shard is looked at again.
            throw new OvertakenException(IndexName(key), "it went away during the check", error);
        }
    }
}
