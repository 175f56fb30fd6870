namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Images to look through before any work is planned on them.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disks">The images.</param>
/// <param name="FileNames">The names of the snapshot's machine files; null for none.</param>
public sealed record SurveyInput(
    string Machine, IReadOnlyList<SurveyDisk> Disks, IReadOnlyList<string>? FileNames = null);
