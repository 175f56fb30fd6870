using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>A disk that is to be had as an image.</summary>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Node">Its node of the fingerprint: what the image's identifiers come from.</param>
/// <param name="ReadAsync">Reads its content.</param>
/// <param name="Extents">
/// Where it may hold anything but zeros; walked once. Null counts all of it as data.
/// </param>
public sealed record ExportDisk(
    long SizeBytes, Hash256 Node, DiskReader ReadAsync, DiskExtents? Extents = null);
