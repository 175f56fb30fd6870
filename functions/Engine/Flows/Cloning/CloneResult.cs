using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>A clone that was made.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Version">Its first version.</param>
/// <param name="OriginMachine">The machine it began from.</param>
/// <param name="OriginVersion">That machine's version, which is pinned now.</param>
/// <param name="Fingerprint">The fingerprint of both.</param>
/// <param name="Flattened">
/// Whether the origin had to be given all its blocks first, as it read through too many origins.
/// </param>
public sealed record CloneResult(
    string Machine, int Version, string OriginMachine, int OriginVersion, Hash256 Fingerprint,
    bool Flattened);
