namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>What a consolidation came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Base">The version the base stands at now.</param>
/// <param name="Operations">How many operations it took; 0: it stood there already.</param>
public sealed record ConsolidateResult(string Machine, int Base, int Operations);
