namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Versions that shall expire.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Versions">The versions by name; null: those that the machine's policy says.</param>
public sealed record PlanExpiryInput(string Machine, long Epoch, IReadOnlyList<int>? Versions);
