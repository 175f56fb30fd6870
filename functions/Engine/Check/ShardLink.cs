using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>One edge of a shard's chain.</summary>
/// <param name="Version">The version above the edge.</param>
/// <param name="Edge">The edge as the manifest has it.</param>
/// <param name="Delta">
/// The delta that leads over it away from the base; null where none is needed, because the edge
/// begins the chain.
/// </param>
internal sealed record ShardLink(int Version, ShardEdge Edge, DeltaKey? Delta);
