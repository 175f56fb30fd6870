using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>What one kind of objects of one version costs in one tier.</summary>
/// <param name="Version">The version that they are kept for; 0: for all of them.</param>
/// <param name="Part">What they are.</param>
/// <param name="Tier">Their tier.</param>
/// <param name="Objects">How many.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="BilledBytes">Their bytes, each of at least what the tier bills.</param>
public sealed record CostLine(
    int Version, StoredPart Part, StorageTier Tier, long Objects, long Bytes, long BilledBytes);
