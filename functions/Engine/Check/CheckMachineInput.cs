namespace SnapshotFunctions.Engine.Check;

/// <summary>What <c>CheckMachine</c> works on.</summary>
/// <param name="Machine">The machine.</param>
public sealed record CheckMachineInput(string Machine);
