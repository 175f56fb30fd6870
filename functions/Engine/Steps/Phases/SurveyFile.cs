namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>One machine file to look at.</summary>
/// <param name="Source">The upload.</param>
/// <param name="Name">What the version will call it.</param>
public sealed record SurveyFile(string Source, string Name);
