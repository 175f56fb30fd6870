using SnapshotFunctions.Engine.Check.Repairing;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>What a repair came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Tally">What was mended and what is lost.</param>
public sealed record RepairResult(string Machine, RepairTally Tally);
