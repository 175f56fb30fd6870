namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>How many of some objects were asked for.</summary>
/// <param name="Count">The first so many.</param>
/// <param name="NextAt">When to ask for the others; null when those were all.</param>
public sealed record StartedRehydration(int Count, DateTimeOffset? NextAt = null);
