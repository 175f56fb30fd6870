namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>A version that the base may move to.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Time">Its time.</param>
/// <param name="Expiry">When it is expected to go; null for never.</param>
/// <param name="Reads">On how many occasions it was read of late.</param>
public readonly record struct BaseCandidate(
    int Version, DateTimeOffset Time, DateTimeOffset? Expiry, int Reads);
