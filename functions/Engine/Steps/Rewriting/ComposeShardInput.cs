using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>What <c>ComposeShard</c> works on; the deltas it reads follow from the manifest.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Operation">The operation that lists the new delta.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="From">The version that the new delta is laid over.</param>
/// <param name="To">The version that it leads to.</param>
public sealed record ComposeShardInput(
    string Machine, string Disk, int Shard, long Operation, long Epoch, int From, int To)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);

    /// <summary>The new delta's key.</summary>
    public DeltaKey Delta => new(From, To, Operation);

    /// <summary>The lower of the two versions.</summary>
    public int Lower => Math.Min(From, To);

    /// <summary>The higher of the two versions, whose edge the new delta is.</summary>
    public int Upper => Math.Max(From, To);
}
