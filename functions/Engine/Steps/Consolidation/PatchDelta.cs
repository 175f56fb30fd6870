using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>One delta that a base is patched with.</summary>
/// <param name="From">The version it is laid over.</param>
/// <param name="To">The version it leads to.</param>
/// <param name="Operation">The operation that wrote it.</param>
/// <param name="Node">The shard's node at <paramref name="To"/>, recorded at ingestion.</param>
public sealed record PatchDelta(int From, int To, long Operation, Hash256 Node)
{
    /// <summary>The delta's key.</summary>
    public DeltaKey Key => new(From, To, Operation);
}
