namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What is restored: a disk at a version, both resolved.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version.</param>
/// <param name="Disk">The disk.</param>
/// <param name="FromVersion">
/// The version that the target holds, or is trusted to; null where its content is read instead.
/// </param>
public sealed record RestoreSource(
    string Machine, int Version, string Disk, int? FromVersion = null);
