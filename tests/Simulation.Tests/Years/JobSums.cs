namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>What jobs of one kind were planned at and what they were billed.</summary>
/// <param name="Margin">The share by which plan and bill may part.</param>
/// <param name="Count">How many were planned.</param>
/// <param name="Planned">The sum of the plans' prices.</param>
/// <param name="Billed">What the provider billed for the same jobs.</param>
internal sealed record JobSums(decimal Margin, int Count, decimal Planned, decimal Billed);
