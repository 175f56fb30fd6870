namespace SnapshotFunctions.Engine.Disks;

/// <summary>A file that an image consists of besides the one that was opened.</summary>
/// <param name="Name">Its name, beside the one that was opened.</param>
/// <param name="Identity">The state that is read of it.</param>
public sealed record ImagePart(string Name, string Identity);
