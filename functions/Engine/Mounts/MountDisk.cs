namespace SnapshotFunctions.Engine.Mounts;

/// <summary>A disk of a mount.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record MountDisk(string Name, long SizeBytes);
