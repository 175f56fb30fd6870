namespace SnapshotFunctions.Engine.Mounts;

/// <summary>A disk in a seal.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Shards">The shards that were written to, ascending.</param>
public sealed record SealedDisk(
    string Name, long SizeBytes, IReadOnlyList<SealedShard> Shards);
