namespace SnapshotFunctions.Http.Mounts;

/// <summary>A disk of a mount.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Link">GET reads it, PUT with Content-Range writes to it.</param>
public sealed record MountedDiskDocument(string Name, long SizeBytes, string Link);
