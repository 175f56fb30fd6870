namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Shards whose base an operation may commit.</summary>
/// <param name="Disk">The disk's name.</param>
/// <param name="Shards">The shards.</param>
public sealed record BaseSet(string Disk, ShardRanges Shards);
