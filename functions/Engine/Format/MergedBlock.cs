using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>A block of a merged index: what it hashes to, and its sources.</summary>
/// <param name="Block">The block's number in its shard.</param>
/// <param name="FirstSource">Its first source.</param>
/// <param name="Sources">How many sources it has; 0 for a block that is all zero.</param>
/// <param name="Hash">SHA-256 of the block at the index's lowest version; Zero: all zero.</param>
public readonly record struct MergedBlock(int Block, int FirstSource, int Sources, Hash256 Hash);
