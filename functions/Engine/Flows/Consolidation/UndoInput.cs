namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>The newest version to take back.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version that must be the newest; 0: whichever is.</param>
public sealed record UndoInput(string Machine, int Version = 0);
