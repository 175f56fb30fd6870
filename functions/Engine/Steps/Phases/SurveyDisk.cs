namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>One image to look through.</summary>
/// <param name="Source">The upload.</param>
/// <param name="Name">The disk's name, if given.</param>
/// <param name="Format">What the image must be; null goes by its content.</param>
public sealed record SurveyDisk(string Source, string? Name, string? Format);
