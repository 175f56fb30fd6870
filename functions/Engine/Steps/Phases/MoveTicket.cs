namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that moves bases over at most 16 versions; or none.</summary>
/// <param name="Operation">Its number; 0: there is nothing to move.</param>
/// <param name="Target">
/// The version the base shall stand at in the end, or where it stands when nothing is to move.
/// </param>
/// <param name="Disks">The shards that move.</param>
public sealed record MoveTicket(long Operation, int Target, IReadOnlyList<DiskShards> Disks);
