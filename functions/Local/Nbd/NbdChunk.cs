namespace SnapshotFunctions.Local.Nbd;

/// <summary>Types of chunks of a structured reply.</summary>
internal enum NbdChunk : ushort
{
    /// <summary>Nothing: done.</summary>
    None = 0,

    /// <summary>Data at an offset.</summary>
    OffsetData = 1,

    /// <summary>Zeros at an offset.</summary>
    OffsetHole = 2,

    /// <summary>Extents of a context.</summary>
    BlockStatus = 5,

    /// <summary>An error.</summary>
    Error = 0x8001,
}
