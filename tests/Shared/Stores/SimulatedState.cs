using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>What all processes of one simulated store share; guarded by one lock.</summary>
internal sealed class SimulatedState(SimulatedStoreOptions options, StoreContents contents)
{
    private readonly Lock _lock = new();
    private StoreContents _contents = contents;
    private StoreCounters _counters = StoreCounters.Zero;
    private long _lastETag;

    internal SimulatedStoreOptions Options => options;

    internal StoreContents Contents
    {
        get
        {
            lock (_lock)
                return _contents;
        }
    }

    internal StoreCounters Counters
    {
        get
        {
            lock (_lock)
                return _counters;
        }
    }

    /// <summary>Runs one act with the contents; what it returns stands from then on.</summary>
    internal T Act<T>(Func<StoreContents, (StoreContents Contents, T Result)> act)
    {
        lock (_lock)
        {
            (_contents, var result) = act(_contents);
            return result;
        }
    }

    internal void Count(StoreOperationKind kind, StorageTier tier, long bytes)
    {
        lock (_lock)
            _counters = _counters.Add(kind, tier, bytes);
    }

    /// <summary>Goes on even when older contents are restored, so that no ETag comes back.</summary>
    internal string NextETag() =>
        $"\"0x{0x8DC0000000000000UL + (ulong)Interlocked.Increment(ref _lastETag):X16}\"";

    internal void ContinueETagsOf(SimulatedState other) =>
        _lastETag = Interlocked.Read(ref other._lastETag) + 1_000_000;
}
