using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Where a piece lies.</summary>
/// <param name="Part">The place of its range among the ranges that are sent.</param>
/// <param name="Range">Its bytes of the disk.</param>
/// <param name="IsFirst">Whether its range begins with it.</param>
internal readonly record struct PiecePlace(int Part, ByteRange Range, bool IsFirst);
