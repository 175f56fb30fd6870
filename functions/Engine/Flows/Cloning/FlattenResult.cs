namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>What a flattening came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="OriginMachine">The machine that it needs no more; null: it needed none.</param>
/// <param name="OriginVersion">That machine's version, no longer pinned; 0: none.</param>
/// <param name="StoredBytes">Bytes written.</param>
public sealed record FlattenResult(
    string Machine, string? OriginMachine, int OriginVersion, long StoredBytes);
