namespace SnapshotFunctions.Engine.Format;

/// <summary>Where some sectors of a block come from, as a merged index says it.</summary>
/// <param name="Delta">Which of the index's deltas; its place in the list.</param>
/// <param name="Take">The sectors this source gives.</param>
/// <param name="Zero">Which of them are zero.</param>
/// <param name="Stored">All sectors of the block that the frame holds, also those not taken.</param>
/// <param name="Position">The first stored sector in the frame, counted in sectors.</param>
/// <param name="Frame">The frame in the delta's data; without meaning when all is zero.</param>
public readonly record struct MergedSource(
    ushort Delta, ushort Take, ushort Zero, ushort Stored, ushort Position, DeltaFrame Frame);
