using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A clone that was made.</summary>
/// <param name="Version">Its first version; 0: it has none yet.</param>
/// <param name="Fingerprint">The fingerprint of the version that it began from.</param>
public sealed record CreatedClone(int Version, Hash256 Fingerprint);
