namespace SnapshotFunctions.Http.Disks;

/// <summary>Keeps the values that were asked for last, a bounded number of them. Thread-safe.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _known = [];

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _known.Count;
        }
    }

    /// <summary>
    /// The value of a key: the one that is kept while it serves, else a new one. Making one does
    /// no I/O: it happens under the lock.
    /// </summary>
    public TValue Get(TKey key, Func<TValue, bool> serves, Func<TValue> make)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var node))
            {
                _order.Remove(node);
                if (!serves(node.Value.Value)) node.Value = (key, make());
                _order.AddFirst(node);
                return node.Value.Value;
            }
            node = _order.AddFirst((key, make()));
            _known.Add(key, node);
            while (_known.Count > most && _order.Last is { } oldest && oldest != node)
            {
                _order.RemoveLast();
                _known.Remove(oldest.Value.Key);
            }
            return node.Value.Value;
        }
    }
}
