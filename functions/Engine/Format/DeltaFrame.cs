using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>One frame of a delta's data.</summary>
/// <param name="Offset">Where it begins in the data, in bytes.</param>
/// <param name="StoredBytes">Its stored length.</param>
/// <param name="Sectors">Its length before compression, in sectors.</param>
/// <param name="Codec">How it is stored.</param>
public readonly record struct DeltaFrame(
    long Offset, int StoredBytes, ushort Sectors, FrameCodec Codec)
{
    /// <summary>Whether its numbers agree with each other.</summary>
    internal bool Fits(Layout layout) =>
        Sectors >= 1 && Sectors <= layout.SectorsPerBlock
        && Frames.Fits(Codec, StoredBytes, Sectors * layout.SectorBytes);
}
