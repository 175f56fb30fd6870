using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// What a commit takes, fixed after nobody can write any more: for each shard that was written to,
/// the hash of the list of its chunks.
/// </summary>
/// <param name="Job">The job that commits.</param>
/// <param name="Disks">The disks, each with its shards.</param>
public sealed record MountSeal(string Job, IReadOnlyList<SealedDisk> Disks);
