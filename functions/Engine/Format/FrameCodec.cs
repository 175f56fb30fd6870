namespace SnapshotFunctions.Engine.Format;

/// <summary>How the bytes of a frame are stored. The numbers are part of the format.</summary>
public enum FrameCodec : byte
{
    /// <summary>Nothing is stored: all bytes are zero.</summary>
    Zero = 0,

    /// <summary>As they are, because compressing them gained nothing.</summary>
    Stored = 1,

    /// <summary>One zstd frame.</summary>
    Zstd = 2,

    /// <summary>
    /// Nothing is stored: the block is that of the version that a clone began from. Only in a base.
    /// </summary>
    Origin = 3,
}
