namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// The bytes that all requests together may hold while they read disks and send what they read.
/// Who must wait is served in the order of asking, so that a large share is not passed over for
/// ever by small ones. Thread-safe.
/// </summary>
public sealed class ReadBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private long _heldBytes;
    private long _peakBytes;

    /// <summary>A budget of this many bytes.</summary>
    public ReadBudget(long mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 1);
        MostBytes = mostBytes;
    }

    /// <summary>How many bytes there are in all.</summary>
    public long MostBytes { get; }

    /// <summary>How many are held now.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_gate) return _heldBytes;
        }
    }

    /// <summary>The most that were ever held.</summary>
    public long PeakBytes
    {
        get
        {
            lock (_gate) return _peakBytes;
        }
    }

    /// <summary>How many wait for their share.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Takes a share, waiting for it if need be; disposing of it gives it back.</summary>
    /// <param name="bytes">How many; more than there are in all counts as all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<BudgetShare> TakeAsync(long bytes, CancellationToken cancellation)
    {
        bytes = Math.Min(bytes, MostBytes);
        Waiter waiter;
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(bytes)) return Granted(bytes);
            waiter = new Waiter(bytes);
            _waiting.AddLast(waiter);
        }
        await using var ending = cancellation.UnsafeRegister(
            _ => GiveUp(waiter, cancellation), null);
        return await waiter.Turn.Task;
    }

    /// <summary>
    /// Takes a share that nobody misses: only while nobody waits and half the budget stays free.
    /// Null when that is not so.
    /// </summary>
    public BudgetShare? TryTakeSpare(long bytes)
    {
        lock (_gate)
        {
            return _waiting.Count == 0 && _heldBytes + bytes <= MostBytes / 2
                ? Granted(bytes) : null;
        }
    }

    internal void Return(long bytes)
    {
        lock (_gate)
        {
            _heldBytes -= bytes;
            Serve();
        }
    }

    private bool Fits(long bytes) => bytes <= MostBytes - _heldBytes;

    private BudgetShare Granted(long bytes)
    {
        _heldBytes += bytes;
        _peakBytes = Math.Max(_peakBytes, _heldBytes);
        return new BudgetShare(this, bytes);
    }

    /// <summary>Serves whoever has come to the front; continuations run elsewhere.</summary>
    private void Serve()
    {
        while (_waiting.First is { } first && Fits(first.Value.Bytes))
        {
            _waiting.RemoveFirst();
            first.Value.Turn.SetResult(Granted(first.Value.Bytes));
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            // One that was served at the same moment keeps its share; its owner gives it back.
            if (!_waiting.Remove(waiter)) return;
            waiter.Turn.SetCanceled(cancellation);
            // The next in the row may ask for less.
            Serve();
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes => bytes;

        public TaskCompletionSource<BudgetShare> Turn { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
