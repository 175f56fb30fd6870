namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>What one part of upkeep came to.</summary>
/// <param name="Part">The part.</param>
/// <param name="IsDone">Whether it was done; else it is due again with the next run.</param>
/// <param name="Text">What it came to, or why not, in words.</param>
public sealed record UpkeepOutcome(string Part, bool IsDone, string Text);
