namespace SnapshotFunctions.Local.Store;

/// <summary>The heads of the objects read last; each is checked against its file when used.</summary>
internal sealed class HeadCache(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<ObjectHead>> _heads =
        new(StringComparer.Ordinal);

    private readonly LinkedList<ObjectHead> _byUse = new();

    internal ObjectHead? Find(string name)
    {
        lock (_lock)
        {
            if (!_heads.TryGetValue(name, out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    internal void Add(ObjectHead head)
    {
        lock (_lock)
        {
            if (_heads.Remove(head.Name, out var older))
                _byUse.Remove(older);
            _heads[head.Name] = _byUse.AddFirst(head);
            if (_byUse.Count <= most)
                return;
            _heads.Remove(_byUse.Last!.Value.Name);
            _byUse.RemoveLast();
        }
    }

    internal void Remove(string name)
    {
        lock (_lock)
        {
            if (_heads.Remove(name, out var node))
                _byUse.Remove(node);
        }
    }
}
