using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>Where a base keeps one block. The default value is a block that is all zero.</summary>
/// <param name="Hash">SHA-256 of the block's content.</param>
/// <param name="Segment">The segment that holds its frame.</param>
/// <param name="Offset">Where the frame begins in the segment, in bytes.</param>
/// <param name="StoredBytes">The frame's stored length.</param>
/// <param name="Codec">How the frame is stored.</param>
public readonly record struct IndexEntry(
    Hash256 Hash, int Segment, int Offset, int StoredBytes, FrameCodec Codec)
{
    /// <summary>Whether the block is all zero.</summary>
    public bool IsZero => Codec == FrameCodec.Zero;

    /// <summary>Whether the block is read from the version that the clone began from.</summary>
    public bool IsOrigin => Codec == FrameCodec.Origin;

    /// <summary>Whether a segment holds a frame of the block.</summary>
    public bool HasFrame => Codec is not (FrameCodec.Zero or FrameCodec.Origin);

    /// <summary>The entry of a block that the clone shares with its origin.</summary>
    public static IndexEntry OfOrigin(Hash256 hash) => new(hash, 0, 0, 0, FrameCodec.Origin);
}
