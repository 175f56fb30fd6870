using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>A machine to repair.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disks">The shards to look at; null for all.</param>
/// <param name="Images">Images that may hold what is damaged; null for none.</param>
public sealed record RepairInput(
    string Machine, IReadOnlyList<DiskShards>? Disks = null,
    IReadOnlyList<RepairImage>? Images = null);
