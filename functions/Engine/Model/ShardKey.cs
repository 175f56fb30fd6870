namespace SnapshotFunctions.Engine.Model;

/// <summary>Names one shard of one disk of one machine.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Disk">The disk's name.</param>
/// <param name="Shard">The shard's number; it begins at this times the layout's shard size.</param>
public readonly record struct ShardKey(string Machine, string Disk, int Shard);
