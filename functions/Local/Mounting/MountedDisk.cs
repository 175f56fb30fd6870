namespace SnapshotFunctions.Local.Mounting;

/// <summary>A disk that is being served, and the addresses that it is served at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Uris">What NBD clients take for it.</param>
internal sealed record MountedDisk(string Name, long SizeBytes, IReadOnlyList<string> Uris);
