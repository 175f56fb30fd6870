using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A version that is acknowledged.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="ChangedBytes">Bytes in changed sectors.</param>
/// <param name="StoredBytes">Bytes stored for them.</param>
public sealed record ClosedIngest(
    int Version, Hash256 Fingerprint, long ChangedBytes, long StoredBytes);
