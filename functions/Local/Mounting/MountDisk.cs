namespace SnapshotFunctions.Local.Mounting;

/// <summary>A disk of a mount.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
internal sealed record MountDisk(string Name, long SizeBytes);
