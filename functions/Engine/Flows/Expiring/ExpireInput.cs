namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>Versions to expire by name.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Versions">The versions, in any order.</param>
public sealed record ExpireInput(string Machine, IReadOnlyList<int> Versions);
