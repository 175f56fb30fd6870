namespace SnapshotFunctions.Engine.Model;

/// <summary>A range of bytes, from an offset up to but without its end.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="End">One past the last byte.</param>
public readonly record struct ByteRange(long Offset, long End)
{
    /// <summary>How many bytes it holds.</summary>
    public long Length => End - Offset;
}
