namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>What the repair of one pack has come to.</summary>
/// <param name="Tally">What was mended and what is lost.</param>
/// <param name="Next">How many of the listed packs are passed now; null when that was the last.</param>
public sealed record RepairPackOutcome(RepairTally Tally, int? Next);
