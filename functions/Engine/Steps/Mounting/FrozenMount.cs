namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>A mount that is frozen for a commit.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Generation">Which of its commits this is.</param>
/// <param name="Disks">Its disks.</param>
/// <param name="Files">The machine files of its version.</param>
public sealed record FrozenMount(
    int Version, int Generation, IReadOnlyList<string> Disks, IReadOnlyList<string> Files);
