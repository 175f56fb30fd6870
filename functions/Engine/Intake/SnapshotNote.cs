namespace SnapshotFunctions.Engine.Intake;

/// <summary>What <c>snapshot.json</c> says of an upload; it is uploaded last.</summary>
/// <param name="Parent">The version that incremental images are laid on; null: the newest.</param>
/// <param name="Label">What the user calls the version.</param>
/// <param name="Disks">The disks that belong together; null: all that are there.</param>
/// <param name="Files">The machine files among what was uploaded; null for none.</param>
/// <param name="Like">
/// The machine that a new one is stored against where they are alike: a name, <c>auto</c>, or <c>none</c>.
/// </param>
public sealed record SnapshotNote(
    int? Parent = null, string? Label = null, IReadOnlyList<string>? Disks = null,
    IReadOnlyList<string>? Files = null, string? Like = null);
