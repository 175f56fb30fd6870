namespace SnapshotFunctions.TestShared.Stores;

/// <summary>Stalls an operation until a test wakes it, without any passing of time.</summary>
public sealed class StorePause
{
    private readonly TaskCompletionSource _reached =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _resumed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Stalls a process's first operation of a kind on a name that ends so, or a later one.</summary>
    public static StorePause On(
        SimulatedProcess process, StoreOperationKind kind, string ending, int at = 1)
    {
        var (pause, met) = (new StorePause(), 0);
        process.Faults = operation =>
            operation.Kind == kind && operation.Name.EndsWith(ending, StringComparison.Ordinal)
            && Interlocked.Increment(ref met) == at
                ? StoreFault.PauseBefore(pause) : StoreFault.None;
        return pause;
    }

    /// <summary>Ends when the operation has come to the pause.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets the operation go on.</summary>
    public void Resume() => _resumed.TrySetResult();

    internal Task WaitAsync(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _resumed.Task.WaitAsync(cancellation);
    }
}
