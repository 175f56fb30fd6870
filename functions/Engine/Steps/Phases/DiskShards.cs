namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Shards of a disk.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Shards">The shards, as ranges.</param>
public sealed record DiskShards(string Disk, string Shards);
