namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// One block on its way from the store, for all who wait for it. Everything here is guarded by the
/// lock of the disk that it belongs to, but for the waiting itself.
/// </summary>
internal sealed class BlockFetch
{
    private readonly TaskCompletionSource _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CachedBlock? _block;
    private int _waiters = 1;

    /// <summary>Ends when the block is there, or with why it cannot be had.</summary>
    public Task Done => _done.Task;

    /// <summary>One more waits.</summary>
    public void Join() => _waiters++;

    /// <summary>It is there: each who waits holds it. Null: it is all zero.</summary>
    public void Complete(CachedBlock? block)
    {
        _block = block;
        for (var i = 0; i < _waiters && block is not null; i++) block.Hold();
        _done.SetResult();
    }

    /// <summary>It cannot be had.</summary>
    public void Fail(Exception error)
    {
        _done.SetException(error);
        // Somebody who gave up must not make it an error that nobody has seen.
        _ = _done.Task.Exception;
    }

    /// <summary>The block, for one who waited; null when it is all zero.</summary>
    public CachedBlock? Block => _block;

    /// <summary>One who waited has what it wanted, or has given up.</summary>
    public void Leave()
    {
        if (_done.Task.IsCompleted) _block?.Release();
        else _waiters--;
    }
}
