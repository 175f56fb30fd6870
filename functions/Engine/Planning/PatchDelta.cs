using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>One delta that a base is patched with.</summary>
/// <param name="Key">The delta.</param>
/// <param name="Node">The shard's node where it leads to, as the manifest recorded it.</param>
public readonly record struct PatchDelta(DeltaKey Key, Hash256 Node);
