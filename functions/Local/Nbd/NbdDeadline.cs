namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// The time that a client may take over one piece, sent or received. One source serves all pieces
/// as long as none was late. Not thread-safe.
/// </summary>
internal sealed class NbdDeadline(NbdLimits limits, TimeProvider time) : IDisposable
{
    private CancellationTokenSource _source = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Cancelled when the piece that began last is late, or the caller's token is.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Begins a piece; it is over when the answer is disposed of.</summary>
    public CancellationTokenRegistration Begin(int lengthBytes, CancellationToken cancellation)
    {
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }
        _source.CancelAfter(
            limits.SlowTime
            + TimeSpan.FromSeconds((double)lengthBytes / limits.SlowestBytesPerSecond));
        return cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
