namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>An image of a disk that may hold what is damaged: an upload that is still there.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Source">The file, as the host's source opener understands it.</param>
public sealed record RepairImage(string Disk, string Source);
