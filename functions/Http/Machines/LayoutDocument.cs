using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Machines;

/// <summary>The sizes that everything of a machine is cut by.</summary>
/// <param name="SectorBytes">The unit of change.</param>
/// <param name="BlockBytes">The unit of hashing.</param>
/// <param name="PageBlocks">Blocks that one index page describes.</param>
/// <param name="SegmentBytes">Most bytes of frames in one segment of a base image.</param>
/// <param name="ShardBytes">The unit of work and of atomic commit.</param>
public sealed record LayoutDocument(
    int SectorBytes, int BlockBytes, int PageBlocks, int SegmentBytes, long ShardBytes)
{
    /// <summary>The document of a layout.</summary>
    public static LayoutDocument Of(Layout layout) => new(
        layout.SectorBytes, layout.BlockBytes, layout.BlocksPerPage, layout.SegmentBytes,
        layout.ShardBytes);
}
