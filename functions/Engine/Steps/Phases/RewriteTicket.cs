using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An operation that replaces deltas; or none.</summary>
/// <param name="Operation">Its number; 0: there is nothing to do for these versions.</param>
/// <param name="Sets">The deltas to make.</param>
/// <param name="Looked">How many of the versions it looked at.</param>
/// <param name="Expired">The versions that leave the lists.</param>
/// <param name="Hidden">The versions that expire but stay, hidden.</param>
/// <param name="Completed">Those of the expired that were hidden before.</param>
/// <param name="Lowest">All that changes lies above this version.</param>
/// <param name="Highest">All that changes lies at this version or below.</param>
/// <param name="ReadBytes">Bytes of the data that is read.</param>
public sealed record RewriteTicket(
    long Operation, IReadOnlyList<DeltaSet> Sets, int Looked, IReadOnlyList<int> Expired,
    IReadOnlyList<int> Hidden, IReadOnlyList<int> Completed, int Lowest, int Highest,
    long ReadBytes);
