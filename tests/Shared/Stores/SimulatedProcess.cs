namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// One process that uses simulated stores: it numbers the operations of all of them in one row,
/// and once it crashed, every later call fails until it is started again.
/// </summary>
public sealed class SimulatedProcess
{
    private long _operations;
    private volatile bool _crashed;

    /// <summary>
    /// What befalls each operation; asked once for each, in the order of their numbers unless
    /// calls run side by side. None befalls any while this is null.
    /// </summary>
    public Func<StoreOperation, StoreFault>? Faults { get; set; }

    /// <summary>Sees each operation before its fault is chosen; for traces.</summary>
    public Action<StoreOperation>? Trace { get; set; }

    /// <summary>Operations begun so far.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Whether a crash has ended it.</summary>
    public bool Crashed => _crashed;

    /// <summary>A plan that crashes at one operation and leaves all others alone.</summary>
    public static Func<StoreOperation, StoreFault> CrashAt(long number, bool after) =>
        operation => operation.Number != number
            ? StoreFault.None
            : after ? StoreFault.CrashAfter : StoreFault.CrashBefore;

    /// <summary>Starts the process again, without faults; its numbers go on.</summary>
    public void Restart()
    {
        Faults = null;
        _crashed = false;
    }

    /// <summary>Ends it: from now on every call fails.</summary>
    public void Crash() => _crashed = true;

    internal (StoreOperation Operation, StoreFault Fault) Begin(
        StoreOperationKind kind, string name, long bytes, string store)
    {
        ThrowIfCrashed();
        var operation = new StoreOperation(
            Interlocked.Increment(ref _operations), kind, name, bytes, store);
        Trace?.Invoke(operation);
        return (operation, Faults?.Invoke(operation) ?? StoreFault.None);
    }

    internal void ThrowIfCrashed()
    {
        if (_crashed)
            throw new SimulatedCrashException("The process had ended before this call.");
    }
}
