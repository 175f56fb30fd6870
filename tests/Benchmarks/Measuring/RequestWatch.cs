using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>Counts the calls of stores by kind, and follows the bulky ones.</summary>
internal sealed class RequestWatch
{
    /// <summary>Requests of fewer bytes are the keeping of books, one after the other.</summary>
    private const long LeastBulkBytes = 256 << 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<StoreOperationKind, StoreTally> _tallies = [];
    private bool _isEnded;

    /// <summary>Bulky reads that were under way.</summary>
    public InFlight Reads { get; } = new();

    /// <summary>Bulky writes that were under way.</summary>
    public InFlight Writes { get; } = new();

    /// <summary>All operations.</summary>
    public long Operations => _tallies.Values.Sum(t => t.Count);

    /// <summary>Bytes that were read.</summary>
    public long BytesRead => BytesOf(StoreOperationKind.Read) + BytesOf(StoreOperationKind.ReadWhole);

    /// <summary>Bytes that were written.</summary>
    public long BytesWritten =>
        BytesOf(StoreOperationKind.Put) + BytesOf(StoreOperationKind.StageBlock);

    /// <summary>Operations of some kinds.</summary>
    public long CountOf(params ReadOnlySpan<StoreOperationKind> kinds)
    {
        var count = 0L;
        foreach (var kind in kinds) count += _tallies.GetValueOrDefault(kind).Count;
        return count;
    }

    /// <summary>An operation begins.</summary>
    public void Begin(StoreOperationKind kind, long bytes)
    {
        lock (_gate)
        {
            if (_isEnded) return;
            Add(kind, 1, bytes);
            if (bytes >= LeastBulkBytes) Of(kind).Add(1);
        }
    }

    /// <summary>An answer held bytes that nobody knew of before.</summary>
    public void AddBytes(StoreOperationKind kind, long bytes)
    {
        lock (_gate)
        {
            if (!_isEnded) Add(kind, 0, bytes);
        }
    }

    /// <summary>An operation ends.</summary>
    public void End(StoreOperationKind kind, long bytes)
    {
        lock (_gate)
        {
            if (!_isEnded && bytes >= LeastBulkBytes) Of(kind).Add(-1);
        }
    }

    /// <summary>What comes from now on is not counted.</summary>
    public void Close()
    {
        lock (_gate) _isEnded = true;
    }

    private long BytesOf(StoreOperationKind kind) => _tallies.GetValueOrDefault(kind).Bytes;

    private InFlight Of(StoreOperationKind kind) =>
        kind is StoreOperationKind.Read ? Reads : Writes;

    private void Add(StoreOperationKind kind, int count, long bytes)
    {
        var tally = _tallies.GetValueOrDefault(kind);
        _tallies[kind] = new StoreTally(tally.Count + count, tally.Bytes + bytes);
    }
}
