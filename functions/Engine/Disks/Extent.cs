using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>A range of an image's disk and where its content comes from.</summary>
/// <param name="Range">The range of the virtual disk, in bytes.</param>
/// <param name="Kind">Where the content comes from.</param>
public readonly record struct Extent(ByteRange Range, ExtentKind Kind);
