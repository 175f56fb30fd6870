namespace SnapshotFunctions.Http.Machines;

/// <summary>A disk of a machine as the newest version has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="SizeBytes">The same, named as everywhere else.</param>
/// <param name="Node">The disk's node of the fingerprint.</param>
/// <param name="Link">The disk itself: GET reads its bytes, also by ranges.</param>
public sealed record MachineDisk(string Name, long Size, long SizeBytes, string Node, string Link);
