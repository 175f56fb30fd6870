namespace SnapshotFunctions.Engine.Manifests;

/// <summary>A disk of the machine as it is at the newest version.</summary>
/// <param name="Name">The disk's name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Nodes">
/// A table of <see cref="ShardNode"/>: the node of every shard that is not all zero.
/// </param>
public sealed record DiskRecord(string Name, long SizeBytes, TableReference Nodes);
