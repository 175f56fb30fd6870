namespace SnapshotFunctions.Local.Nbd;

/// <summary>The numbers of the NBD protocol, as its document names them.</summary>
internal static class NbdWire
{
    /// <summary>What the server says first: <c>NBDMAGIC</c>.</summary>
    public const ulong ServerMagic = 0x4e42444d41474943;

    /// <summary>Before each option, and the mark of the newstyle: <c>IHAVEOPT</c>.</summary>
    public const ulong OptionMagic = 0x49484156454f5054;

    /// <summary>Before each answer to an option.</summary>
    public const ulong OptionReplyMagic = 0x3e889045565a9;

    /// <summary>Before each request.</summary>
    public const uint RequestMagic = 0x25609513;

    /// <summary>Before a simple reply.</summary>
    public const uint SimpleReplyMagic = 0x67446698;

    /// <summary>Before each chunk of a structured reply.</summary>
    public const uint ChunkMagic = 0x668e33ef;

    /// <summary>Handshake, both sides: options can be refused one by one.</summary>
    public const int FixedNewstyle = 1;

    /// <summary>Handshake, both sides: no 124 zeros after the answer to an export's name.</summary>
    public const int NoZeroes = 2;

    /// <summary>The longest name or other text.</summary>
    public const int MostTextBytes = 4096;

    /// <summary>Bytes of a request before its payload.</summary>
    public const int RequestBytes = 28;

    /// <summary>Bytes of a simple reply before its payload.</summary>
    public const int SimpleReplyBytes = 16;

    /// <summary>Bytes of a chunk before its payload.</summary>
    public const int ChunkBytes = 20;

    /// <summary>The context that tells which ranges are allocated and which are zero.</summary>
    public const string AllocationContext = "base:allocation";

    /// <summary>The number by which replies name that context.</summary>
    public const uint AllocationId = 1;

    /// <summary>Block status: nothing is stored there.</summary>
    public const uint StateHole = 1;

    /// <summary>Block status: it reads as zeros.</summary>
    public const uint StateZero = 2;
}
