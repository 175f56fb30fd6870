namespace SnapshotFunctions.Engine.Check;

/// <summary>How many shards of a disk there are to check.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Count">Its shards at its largest: 0 up to this, without it.</param>
public sealed record DiskShards(string Disk, int Count);
