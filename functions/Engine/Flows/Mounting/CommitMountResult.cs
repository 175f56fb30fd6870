using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Mounting;

/// <summary>What committing a mount came to.</summary>
/// <param name="Machine">The clone.</param>
/// <param name="Version">Its new version, which has what was written.</param>
/// <param name="Mount">The mount, which is gone.</param>
/// <param name="OriginMachine">The machine that was mounted.</param>
/// <param name="OriginVersion">That machine's version, which has not changed.</param>
/// <param name="Fingerprint">The new version's fingerprint.</param>
/// <param name="ChangedBytes">Bytes in changed sectors, of all disks.</param>
/// <param name="StoredBytes">Bytes stored for them.</param>
public sealed record CommitMountResult(
    string Machine, int Version, string Mount, string OriginMachine, int OriginVersion,
    Hash256 Fingerprint, long ChangedBytes, long StoredBytes);
