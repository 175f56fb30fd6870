using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>What is to be done so that a clone needs its origin no more.</summary>
/// <param name="Origin">The origin; null: it needs none, and there is nothing to do.</param>
/// <param name="MoveTo">The version that the base must be moved to first; 0: none.</param>
/// <param name="Operation">The operation; 0: none was opened.</param>
/// <param name="Disks">The shards to work on.</param>
public sealed record FlattenTicket(
    OriginRecord? Origin, int MoveTo, long Operation, IReadOnlyList<DiskShards> Disks);
