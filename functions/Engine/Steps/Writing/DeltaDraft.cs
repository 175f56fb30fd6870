using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// What is known of a delta before its first block, and whether its frames are encoded at
/// <see cref="FrameEffort.Thorough"/>.
/// </summary>
internal sealed record DeltaDraft(
    ShardKey Shard, Layout Layout, DeltaKey Key, long FromDiskBytes, long ToDiskBytes,
    VersionCard Card, Hash256 Input, StorageTier DataTier, bool IsThorough = false);
