namespace SnapshotFunctions.Engine.Flows.Consolidation;

/// <summary>What a consolidation came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Base">The version the base stands at now; 0 when the machine has none.</param>
/// <param name="Operations">How many operations it took; 0: it stood there already.</param>
/// <param name="Shards">How many shards were patched, counted once an operation.</param>
/// <param name="ChangedBytes">Bytes in the sectors that were saved the other way.</param>
/// <param name="StoredBytes">Bytes written.</param>
public sealed record ConsolidateResult(
    string Machine, int Base, int Operations, int Shards, long ChangedBytes, long StoredBytes);
