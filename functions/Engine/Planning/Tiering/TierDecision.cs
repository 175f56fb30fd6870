using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>What is to become of an object, and why.</summary>
/// <param name="Object">The object.</param>
/// <param name="Action">What is done now.</param>
/// <param name="Tier">The tier it lies in afterwards.</param>
/// <param name="Gain">What the best course saves against staying; 0 where nothing better was found.</param>
/// <param name="Reason">The reason in words.</param>
public sealed record TierDecision(
    TierCandidate Object, TierAction Action, StorageTier Tier, decimal Gain, string Reason);
