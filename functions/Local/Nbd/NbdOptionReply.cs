namespace SnapshotFunctions.Local.Nbd;

/// <summary>Answers to options; errors have the highest bit.</summary>
internal enum NbdOptionReply : uint
{
    /// <summary>Done; nothing more follows.</summary>
    Ack = 1,

    /// <summary>One export of a list.</summary>
    Server = 2,

    /// <summary>One fact about an export.</summary>
    Info = 3,

    /// <summary>One context.</summary>
    MetaContext = 4,

    /// <summary>The option is not known.</summary>
    Unsupported = 0x80000001,

    /// <summary>The option is not well-formed, or makes no sense now.</summary>
    Invalid = 0x80000003,

    /// <summary>There is no such export.</summary>
    Unknown = 0x80000006,

    /// <summary>The option's data is too long.</summary>
    TooBig = 0x80000009,
}
