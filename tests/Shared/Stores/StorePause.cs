namespace SnapshotFunctions.TestShared.Stores;

/// <summary>Stalls an operation until a test wakes it, without any passing of time.</summary>
public sealed class StorePause
{
    private readonly TaskCompletionSource _reached =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _resumed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

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
