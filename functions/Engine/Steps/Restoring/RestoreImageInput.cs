using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What <c>RestoreImage</c> works on.</summary>
/// <param name="Source">What is restored.</param>
/// <param name="Target">Where to.</param>
/// <param name="Shards">The shards that can hold anything.</param>
/// <param name="Format">The image's format, one of <see cref="ExportFormats"/>.</param>
public sealed record RestoreImageInput(
    RestoreSource Source, PreparedTarget Target, ShardRanges Shards,
    string Format = ExportFormats.Qcow2);
