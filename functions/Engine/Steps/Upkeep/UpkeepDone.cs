using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>What of the upkeep of a machine was done.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Time">When it began: what is due next is counted from there.</param>
/// <param name="Part">One of <see cref="UpkeepWords"/>.</param>
/// <param name="Share">The share that was read whole; null for other parts.</param>
public sealed record UpkeepDone(
    string Machine, DateTimeOffset Time, string Part, VerifyShare? Share = null);
