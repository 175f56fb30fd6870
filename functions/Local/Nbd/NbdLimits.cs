namespace SnapshotFunctions.Local.Nbd;

/// <summary>What clients may take of an NBD server; each limit is enforced in one place.</summary>
internal sealed record NbdLimits
{
    /// <summary>The longest read or write, told to clients as the largest block.</summary>
    public int MostPayloadBytes { get; init; } = 32 << 20;

    /// <summary>The longest data of an option; longer ones are read over or end the session.</summary>
    public int MostOptionBytes { get; init; } = 64 << 10;

    /// <summary>How many options a handshake may have.</summary>
    public int MostOptions { get; init; } = 256;

    /// <summary>How long a handshake may take.</summary>
    public TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Open connections; more are closed at once.</summary>
    public int MostConnections { get; init; } = 256;

    /// <summary>Requests of one connection being answered; more wait in the socket.</summary>
    public int MostRequests { get; init; } = 64;

    /// <summary>Bytes that are read or received before they are sent or written on.</summary>
    public int PieceBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that one connection may hold; the rest of its requests wait.</summary>
    public int ConnectionBytes { get; init; } = 8 << 20;

    /// <summary>Bytes that all connections together may hold.</summary>
    public long BudgetBytes { get; init; } = 64 << 20;

    /// <summary>Extents in one answer about block status.</summary>
    public int MostExtents { get; init; } = 4096;

    /// <summary>How slowly a client may send a request's rest or take an answer.</summary>
    public int SlowestBytesPerSecond { get; init; } = 32 << 10;

    /// <summary>How much longer than that it may take.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long what was asked may still be answered once the server is to end.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(10);
}
