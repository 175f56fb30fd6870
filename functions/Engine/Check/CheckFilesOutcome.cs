namespace SnapshotFunctions.Engine.Check;

/// <summary>What <c>CheckFiles</c> came to.</summary>
/// <param name="Tally">What was seen and found.</param>
/// <param name="Next">The version to go on at; 0: all are done.</param>
public sealed record CheckFilesOutcome(CheckTally Tally, int Next);
