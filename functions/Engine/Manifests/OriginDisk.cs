namespace SnapshotFunctions.Engine.Manifests;

/// <summary>A disk of a clone and the disk that it began from.</summary>
/// <param name="Name">Its name in the clone.</param>
/// <param name="OriginName">Its name in the origin.</param>
/// <param name="SizeBytes">Its size there.</param>
public sealed record OriginDisk(string Name, string OriginName, long SizeBytes);
