namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>What clients may take of this host.</summary>
internal sealed record WebLimits
{
    /// <summary>Open connections; more are closed at once.</summary>
    public int MostConnections { get; init; } = 1024;

    /// <summary>Requests being answered; more are answered with 503.</summary>
    public int MostRequests { get; init; } = 512;

    /// <summary>Headers of a request.</summary>
    public int MostHeaders { get; init; } = 64;

    /// <summary>All headers of a request together.</summary>
    public int MostHeaderBytes { get; init; } = 16 << 10;

    /// <summary>The first line of a request.</summary>
    public int MostLineBytes { get; init; } = 8 << 10;

    /// <summary>How long a request's headers may take to come.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection without a request stays open.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The slowest that bodies may come and answers be taken, after <see cref="SlowTime"/>. A body
    /// has no greatest length: an upload may be a disk.
    /// </summary>
    public int LeastBytesPerSecond { get; init; } = 1024;

    /// <summary>How long a client may be slower than that.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long requests may go on after the host was asked to stop.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(5);
}
