namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>What <c>RebuildMachine</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Force">Whether a head that can be read is made anew too.</param>
public sealed record RebuildMachineInput(string Machine, bool Force);
