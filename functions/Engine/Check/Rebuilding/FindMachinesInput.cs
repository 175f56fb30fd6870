namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>What <c>FindMachines</c> works on.</summary>
/// <param name="After">Only names after this one.</param>
public sealed record FindMachinesInput(string After);
