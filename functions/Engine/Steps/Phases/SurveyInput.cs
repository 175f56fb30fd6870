namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Images to look through before any work is planned on them.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disks">The images.</param>
public sealed record SurveyInput(string Machine, IReadOnlyList<SurveyDisk> Disks);
