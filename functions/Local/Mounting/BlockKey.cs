namespace SnapshotFunctions.Local.Mounting;

/// <summary>A block of one of the disks that share a cache.</summary>
/// <param name="Disk">The disk's number.</param>
/// <param name="Block">The block's number on it.</param>
internal readonly record struct BlockKey(int Disk, long Block);
