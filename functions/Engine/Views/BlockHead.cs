using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>What a map knows of one block.</summary>
/// <param name="Hash">SHA-256 of the block at the version; Zero: all zero.</param>
/// <param name="Covered">The sectors that deltas give; the base gives the others.</param>
/// <param name="FirstSource">The first of its sources; their sectors do not overlap.</param>
public readonly record struct BlockHead(Hash256 Hash, ushort Covered, int FirstSource);
