using System.Numerics;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>One changed block of a delta that is not all zero afterwards.</summary>
/// <param name="Block">The block's number in its shard.</param>
/// <param name="Changed">A bit for every sector that changed.</param>
/// <param name="Zero">Which of them are zero now; they are not stored.</param>
/// <param name="Frame">The frame that holds the others, -1 when there are none.</param>
/// <param name="Position">The first of them in the frame, counted in sectors.</param>
/// <param name="Hash">SHA-256 of the whole block at the version the delta leads to.</param>
public readonly record struct DeltaEntry(
    int Block, ushort Changed, ushort Zero, int Frame, ushort Position, Hash256 Hash)
{
    /// <summary>The sectors that are stored in the frame, in ascending order.</summary>
    public ushort Stored => (ushort)(Changed & ~Zero);

    /// <summary>How many sectors are stored.</summary>
    public int StoredCount => BitOperations.PopCount(Stored);
}
