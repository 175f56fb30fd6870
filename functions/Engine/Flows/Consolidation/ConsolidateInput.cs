namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>A base to move.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Base">
/// The version that becomes the base; 0 lets the machine's rule choose, which may be: none now.
/// </param>
public sealed record ConsolidateInput(string Machine, int Base = 0);
