namespace SnapshotFunctions.Local.Nbd;

/// <summary>Options of the handshake.</summary>
internal enum NbdOption : uint
{
    /// <summary>Choose an export and begin, without an answer in case of error.</summary>
    ExportName = 1,

    /// <summary>End the session.</summary>
    Abort = 2,

    /// <summary>Name the exports.</summary>
    List = 3,

    /// <summary>Tell of an export.</summary>
    Info = 6,

    /// <summary>Choose an export and begin.</summary>
    Go = 7,

    /// <summary>Answer in chunks.</summary>
    StructuredReply = 8,

    /// <summary>Name the contexts of an export.</summary>
    ListMetaContext = 9,

    /// <summary>Choose contexts for block status.</summary>
    SetMetaContext = 10,
}
