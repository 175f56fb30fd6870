namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>A line of a descriptor that tells where a part of the disk lies.</summary>
/// <param name="SizeBytes">How much of the disk it holds.</param>
/// <param name="Kind">How: <c>FLAT</c>, <c>SPARSE</c>, <c>ZERO</c> …</param>
/// <param name="FileName">In which file; null for zeros.</param>
/// <param name="OffsetBytes">Of a flat one, where in the file it begins.</param>
internal sealed record VmdkExtentLine(
    long SizeBytes, string Kind, string? FileName, long OffsetBytes);
