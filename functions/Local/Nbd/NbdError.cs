namespace SnapshotFunctions.Local.Nbd;

/// <summary>Errors of requests.</summary>
internal enum NbdError : uint
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The export is read-only.</summary>
    NotPermitted = 1,

    /// <summary>It cannot be read or written now.</summary>
    Io = 5,

    /// <summary>There is no memory for it.</summary>
    NoMemory = 12,

    /// <summary>The request is not well-formed.</summary>
    Invalid = 22,

    /// <summary>No space is left, or a write goes past the end.</summary>
    NoSpace = 28,

    /// <summary>Too long for one chunk.</summary>
    Overflow = 75,

    /// <summary>It cannot be done that way.</summary>
    NotSupported = 95,

    /// <summary>The server is about to end.</summary>
    ShuttingDown = 108,
}
