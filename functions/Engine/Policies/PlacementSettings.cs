using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>
/// Which device is which: the method has it both ways, the base on the fast one and the reverse
/// incrementals on the slow one or the other way round. What is written goes to these tiers; what
/// lies there already moves with its next commit or by the ladder.
/// </summary>
/// <param name="Base">The tier of base images: one that is online.</param>
/// <param name="Deltas">The tier that the data of reverse incrementals is written to: online.</param>
public sealed record PlacementSettings(StorageTier Base, StorageTier Deltas);
