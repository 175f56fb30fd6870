using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Decoded delta and merged indexes, kept while they are in use. They are immutable and their
/// names never come back, so a kept one is never stale; the oldest go when there are too many bytes.
/// </summary>
public sealed class IndexCache(IObjectStore deltaStore, long mostBytes = 96L << 20)
{
    /// <summary>No shard's index is longer: every block changed, one frame each, and runs.</summary>
    private const int MostIndexBytes = 256 << 20;

    private readonly LinkedList<(string Name, object Index, long Bytes)> _order = [];
    private readonly Dictionary<string, LinkedListNode<(string Name, object Index, long Bytes)>>
        _known = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The store that holds the deltas.</summary>
    public IObjectStore Store => deltaStore;

    /// <summary>The index of a delta.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such delta (any more).</exception>
    public Task<DeltaIndex> DeltaAsync(
        ShardKey shard, DeltaKey delta, CancellationToken cancellation) =>
        GetAsync(
            ObjectNames.DeltaIndex(shard, delta),
            (bytes, name) =>
            {
                var index = DeltaIndex.Decode(bytes, name);
                index.Header.Expect(shard, name);
                return index.Key == delta
                    ? index
                    : throw new CorruptObjectException(name, $"{delta}", $"{index.Key}");
            },
            cancellation);

    /// <summary>A merged index.</summary>
    /// <exception cref="ObjectNotFoundException">There is none (any more).</exception>
    public Task<MergedIndex> MergedAsync(
        ShardKey shard, int level, int group, long operation, CancellationToken cancellation) =>
        GetAsync(
            ObjectNames.MergedIndex(shard, level, group, operation),
            (bytes, name) =>
            {
                var index = MergedIndex.Decode(bytes, name);
                index.Header.Expect(shard, name);
                return index;
            },
            cancellation);

    private async Task<T> GetAsync<T>(
        string name, Func<byte[], string, T> decode, CancellationToken cancellation)
        where T : class
    {
        lock (_order)
        {
            if (_known.TryGetValue(name, out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return (T)node.Value.Index;
            }
        }
        var (bytes, _) = await deltaStore.ReadWholeAsync(name, MostIndexBytes, cancellation);
        var index = decode(bytes, name);
        Keep(name, index, bytes.Length);
        return index;
    }

    private void Keep(string name, object index, long bytes)
    {
        lock (_order)
        {
            if (_known.ContainsKey(name)) return;
            _known.Add(name, _order.AddFirst((name, index, bytes)));
            _bytes += bytes;
            while (_bytes > mostBytes && _order.Count > 1)
            {
                var oldest = _order.Last!.Value;
                _order.RemoveLast();
                _known.Remove(oldest.Name);
                _bytes -= oldest.Bytes;
            }
        }
    }
}
