namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Machine files to look at before any work is planned on them.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Files">Some of the snapshot's files.</param>
public sealed record SurveyFilesInput(string Machine, IReadOnlyList<SurveyFile> Files);
