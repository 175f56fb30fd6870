namespace SnapshotFunctions.Http.Mounts;

/// <summary>The writable mounts of a version.</summary>
/// <param name="Mounts">They, by their ids.</param>
public sealed record MountsDocument(IReadOnlyList<MountDocument> Mounts);
