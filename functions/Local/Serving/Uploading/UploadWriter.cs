namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>One connection's turn at writing one file. Thread-safe.</summary>
internal sealed class UploadWriter(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _overtaken = new();

    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _heard = time.GetTimestamp();

    /// <summary>Ends when another connection goes on with the file.</summary>
    public CancellationToken Overtaken => _overtaken.Token;

    /// <summary>Ends when the connection writes no more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether nothing has come for so long.</summary>
    public bool HasStalled(TimeSpan after) =>
        time.GetElapsedTime(Interlocked.Read(ref _heard)) > after;

    /// <summary>Says that bytes came.</summary>
    public void Heard() => Interlocked.Exchange(ref _heard, time.GetTimestamp());

    /// <summary>Ends its turn, and waits until it writes no more.</summary>
    public async Task OvertakeAsync(CancellationToken cancellation)
    {
        try
        {
            await _overtaken.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
        await Ended.WaitAsync(cancellation);
    }

    /// <summary>It writes no more.</summary>
    public void Dispose()
    {
        _ended.TrySetResult();
        _overtaken.Dispose();
    }
}
