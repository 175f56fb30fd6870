using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>What <c>DeltaShard</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The ingest's number.</param>
/// <param name="Version">The version that is made.</param>
/// <param name="Newest">The version that the delta is stored against; 0: none, a base is written.</param>
/// <param name="Parent">The version the snapshot is laid on; 0 for a full image.</param>
/// <param name="Source">The upload.</param>
/// <param name="Identity">The state of the upload first seen.</param>
/// <param name="Format">What the image is.</param>
/// <param name="DiskBytes">The disk's size in the upload.</param>
/// <param name="NewestDiskBytes">The disk's size at the newest version; 0 when it had none.</param>
/// <param name="Card">What is known of the version.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record DeltaShardInput(
    string Machine, string Disk, int Shard, long Operation, int Version, int Newest, int Parent,
    string Source, string Identity, string Format, long DiskBytes, long NewestDiskBytes,
    VersionCard Card, long Epoch)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
