using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>What a restore came to. Every byte was checked against the hash of its block.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Target">Where to.</param>
/// <param name="Format">The format.</param>
/// <param name="SizeBytes">The disk's size.</param>
/// <param name="LengthBytes">The target's length.</param>
/// <param name="WrittenBytes">Bytes written.</param>
/// <param name="ZeroedBytes">Bytes of the target that were made zeros.</param>
/// <param name="ComparedBytes">Bytes of the target that were read to be compared.</param>
/// <param name="Node">The disk's node of the fingerprint.</param>
public sealed record RestoreResult(
    string Machine, int Version, string Disk, string Target, string Format, long SizeBytes,
    long LengthBytes, long WrittenBytes, long ZeroedBytes, long ComparedBytes, Hash256 Node)
{
    /// <summary>How many archived objects were brought back for it.</summary>
    public int RehydratedObjects { get; init; }

    /// <summary>Their length together.</summary>
    public long RehydratedBytes { get; init; }
}
