namespace SnapshotFunctions.Local.Nbd;

/// <summary>Requests after the handshake.</summary>
internal enum NbdCommand : ushort
{
    /// <summary>Read a range.</summary>
    Read = 0,

    /// <summary>Write a range.</summary>
    Write = 1,

    /// <summary>End the session once all is answered.</summary>
    Disconnect = 2,

    /// <summary>Make durable what was answered.</summary>
    Flush = 3,

    /// <summary>A range is not needed any more.</summary>
    Trim = 4,

    /// <summary>A range will be read soon.</summary>
    Cache = 5,

    /// <summary>Make a range zeros.</summary>
    WriteZeroes = 6,

    /// <summary>Tell which parts of a range hold data.</summary>
    BlockStatus = 7,
}
