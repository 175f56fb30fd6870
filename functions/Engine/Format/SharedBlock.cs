namespace SnapshotFunctions.Engine.Format;

/// <summary>A block whose frame other blocks of the base name as well, or once did.</summary>
/// <param name="Block">The block of the shard.</param>
/// <param name="Segment">The segment that holds the frame.</param>
/// <param name="Offset">Where the frame begins in the segment, in bytes.</param>
public readonly record struct SharedBlock(int Block, int Segment, int Offset);
