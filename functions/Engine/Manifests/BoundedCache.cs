namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Keeps what was read last of immutable objects, up to a cost in bytes; safe for any thread. What
/// costs more than the whole is not kept.
/// </summary>
internal sealed class BoundedCache(long mostBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Name, object Value, long CostBytes)> _recent = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, object Value, long CostBytes)>>
        _entries = new(StringComparer.Ordinal);
    private long _costBytes;

    /// <summary>What its entries cost together.</summary>
    public long CostBytes
    {
        get
        {
            lock (_gate) return _costBytes;
        }
    }

    /// <summary>The value kept under a name, or null.</summary>
    public T? Find<T>(string name)
        where T : class
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out var node)) return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return (T)node.Value.Value;
        }
    }

    /// <summary>Keeps a value, dropping those not asked for longest.</summary>
    public void Keep(string name, object value, long costBytes)
    {
        if (costBytes > mostBytes) return;
        lock (_gate)
        {
            if (_entries.ContainsKey(name)) return;
            _entries.Add(name, _recent.AddFirst((name, value, costBytes)));
            _costBytes += costBytes;
            while (_costBytes > mostBytes)
            {
                var (oldest, _, freedBytes) = _recent.Last!.Value;
                _recent.RemoveLast();
                _entries.Remove(oldest);
                _costBytes -= freedBytes;
            }
        }
    }
}
