using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Where some sectors of a block come from.</summary>
/// <param name="Object">The delta's data; its place in the map's list of objects.</param>
/// <param name="Take">The sectors this source gives.</param>
/// <param name="Zero">Which of them are zero.</param>
/// <param name="Stored">All sectors of the block that the frame holds.</param>
/// <param name="Position">The first stored sector in the frame, in sectors.</param>
/// <param name="Frame">The frame that holds the others.</param>
/// <param name="Next">The block's next source in the map's list; -1 for none.</param>
public readonly record struct BlockSource(
    int Object, ushort Take, ushort Zero, ushort Stored, ushort Position, DeltaFrame Frame,
    int Next)
{
    /// <summary>Whether the frame must be read.</summary>
    public bool NeedsFrame => (Take & ~Zero) != 0;
}
