namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>What a rehydration came to: the range can be read.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Objects">How many objects were archived.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="WaitedSeconds">How long it took.</param>
public sealed record RehydrateResult(
    string Machine, int Version, string Disk, int Objects, long Bytes, long WaitedSeconds);
