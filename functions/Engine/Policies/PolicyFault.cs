namespace SnapshotFunctions.Engine.Policies;

/// <summary>What is wrong with a policy.</summary>
/// <param name="Path">Where in its JSON: <c>keep.daily</c>, <c>ladder[1].tier</c>.</param>
/// <param name="Expected">What was expected there.</param>
/// <param name="Found">What was found.</param>
public sealed record PolicyFault(string Path, string Expected, string Found);
