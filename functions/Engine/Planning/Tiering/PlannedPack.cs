using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>Deltas that are to be copied into one pack.</summary>
/// <param name="Tier">The pack's tier.</param>
/// <param name="Members">The deltas, by what is expected to go first.</param>
/// <param name="Expiry">When the last of them is expected to go; null for never.</param>
/// <param name="Gain">What it saves in all.</param>
public sealed record PlannedPack(
    StorageTier Tier, IReadOnlyList<TierCandidate> Members, DateTimeOffset? Expiry, decimal Gain)
{
    /// <summary>The members' bytes.</summary>
    public long LengthBytes => Members.Sum(m => m.LengthBytes);
}
