namespace SnapshotFunctions.Http.Mounts;

/// <summary>Where a mount leads.</summary>
/// <param name="Self">The mount; DELETE drops it and what was written to it.</param>
/// <param name="Version">The version that it is of.</param>
/// <param name="Commit">POST makes what was written the next version of a clone.</param>
public sealed record MountLinks(string Self, string Version, string Commit);
