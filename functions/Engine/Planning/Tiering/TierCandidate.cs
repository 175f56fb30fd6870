using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>What tiering sees of an object: the data of one delta, or a whole pack.</summary>
/// <param name="Disk">The delta's disk; empty for a pack.</param>
/// <param name="Shard">The delta's shard.</param>
/// <param name="Key">The delta; of a pack only the operation counts.</param>
/// <param name="LengthBytes">The object's length.</param>
/// <param name="Tier">Where it lies.</param>
/// <param name="Since">When it came there.</param>
/// <param name="Born">The time of the version it leads to: what its age is counted from.</param>
/// <param name="Expiry">When it is expected to go or to be replaced; null for never.</param>
/// <param name="IsWarm">Whether it stays warm whatever it costs, for an undo or a clone.</param>
/// <param name="Pack">The number of the pack that it is; 0 for a delta.</param>
public sealed record TierCandidate(
    string Disk, int Shard, DeltaKey Key, long LengthBytes, StorageTier Tier,
    DateTimeOffset Since, DateTimeOffset Born, DateTimeOffset? Expiry, bool IsWarm = false,
    int Pack = 0);
