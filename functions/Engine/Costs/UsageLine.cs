using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>How much of one kind in one tier.</summary>
/// <param name="Kind">What.</param>
/// <param name="Tier">The tier that it is billed in: for a move, a read's or a write's.</param>
/// <param name="Count">Operations, or objects.</param>
/// <param name="Bytes">Bytes, as <see cref="UsageKind"/> says which.</param>
public sealed record UsageLine(UsageKind Kind, StorageTier Tier, long Count, long Bytes);
