namespace SnapshotFunctions.Engine.Check;

/// <summary>Something that is not as it must be.</summary>
/// <param name="Severity">Whether a version is affected.</param>
/// <param name="Object">The object's name.</param>
/// <param name="Expected">What should have been there.</param>
/// <param name="Found">What was there.</param>
/// <param name="Versions">The versions that are affected, as <c>1-4,7</c>; empty for none.</param>
public sealed record Finding(
    FindingSeverity Severity, string Object, string Expected, string Found, string Versions);
