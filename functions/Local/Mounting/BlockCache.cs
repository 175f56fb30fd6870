namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// Blocks of several disks that were read lately, a bounded number of bytes, by the rule 2Q: a
/// block comes into a queue and leaves it in order, however often it is read meanwhile; only one
/// that is wanted again after it has left comes among those that stay by use. A scan passes
/// through the queue alone and leaves the others where they are. Thread-safe.
/// </summary>
internal sealed class BlockCache : IDisposable
{
    private const int MostFetches = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<BlockKey, LinkedListNode<Entry>> _known = [];
    private readonly LinkedList<Entry> _queue = [];
    private readonly LinkedList<Entry> _staying = [];
    private readonly LinkedList<Entry> _left = [];
    private readonly long _mostQueueBytes;
    private long _queueBytes;
    private long _stayingBytes;
    private long _leftBytes;

    /// <summary>A cache of this many bytes.</summary>
    public BlockCache(long mostBytes)
    {
        MostBytes = mostBytes;
        _mostQueueBytes = mostBytes / 4;
    }

    /// <summary>Fetches for the cache that may run side by side: each has a piece in memory.</summary>
    public SemaphoreSlim Fetching { get; } = new(MostFetches, MostFetches);

    /// <summary>How many bytes it may keep.</summary>
    public long MostBytes { get; }

    /// <summary>How many it keeps.</summary>
    public long KeptBytes
    {
        get
        {
            lock (_gate) return _queueBytes + _stayingBytes;
        }
    }

    /// <summary>Reads that found their block here.</summary>
    public long Hits { get; private set; }

    /// <summary>The block, held for the caller to release; null when it is not here.</summary>
    public CachedBlock? TryGet(BlockKey key)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(key, out var node) || node.Value.Block is not { } block)
                return null;
            Hits++;
            if (node.List == _staying && _staying.First != node)
            {
                _staying.Remove(node);
                _staying.AddFirst(node);
            }
            return block.Hold();
        }
    }

    /// <summary>Whether the block is here; counts as no use of it.</summary>
    public bool Has(BlockKey key)
    {
        lock (_gate) return _known.TryGetValue(key, out var node) && node.Value.Block is not null;
    }

    /// <summary>Keeps a block; the cache holds it from then on, beside the caller.</summary>
    public void Add(BlockKey key, CachedBlock block)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var node))
            {
                if (node.Value.Block is not null) return;
                _left.Remove(node);
                _leftBytes -= node.Value.LengthBytes;
                node.Value = new Entry(key, block.Hold(), block.LengthBytes);
                _staying.AddFirst(node);
                _stayingBytes += block.LengthBytes;
            }
            else
            {
                _known.Add(
                    key, _queue.AddFirst(new Entry(key, block.Hold(), block.LengthBytes)));
                _queueBytes += block.LengthBytes;
            }
            MakeRoom();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var node in _known.Values) node.Value.Block?.Release();
            _known.Clear();
            _queue.Clear();
            _staying.Clear();
            _left.Clear();
            (_queueBytes, _stayingBytes, _leftBytes) = (0, 0, 0);
        }
        Fetching.Dispose();
    }

    private void MakeRoom()
    {
        while (_queueBytes + _stayingBytes > MostBytes)
        {
            if (_queueBytes > _mostQueueBytes || _staying.Last is not { } oldest)
            {
                LeaveQueue(_queue.Last!);
                continue;
            }
            _staying.RemoveLast();
            _stayingBytes -= oldest.Value.LengthBytes;
            _known.Remove(oldest.Value.Key);
            oldest.Value.Block!.Release();
        }
        // Names alone: they stand for as many bytes as half the cache.
        while (_leftBytes > MostBytes / 2 && _left.Last is { } last)
        {
            _left.RemoveLast();
            _leftBytes -= last.Value.LengthBytes;
            _known.Remove(last.Value.Key);
        }
    }

    private void LeaveQueue(LinkedListNode<Entry> node)
    {
        _queue.Remove(node);
        _queueBytes -= node.Value.LengthBytes;
        node.Value.Block!.Release();
        node.Value = node.Value with { Block = null };
        _left.AddFirst(node);
        _leftBytes += node.Value.LengthBytes;
    }

    private readonly record struct Entry(BlockKey Key, CachedBlock? Block, int LengthBytes);
}
