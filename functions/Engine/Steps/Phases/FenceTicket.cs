namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that shuts another one out of its shards.</summary>
/// <param name="Fence">Its number; 0: there is nothing to shut out any more.</param>
/// <param name="Operation">The operation that is shut out.</param>
/// <param name="MovesBases">Whether that moved bases, so that some shards may be completed.</param>
/// <param name="Disks">The shards whose base it might still commit.</param>
public sealed record FenceTicket(
    long Fence, long Operation, bool MovesBases, IReadOnlyList<DiskShards> Disks);
