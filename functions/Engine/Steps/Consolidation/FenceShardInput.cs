using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>What <c>FenceShard</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Fenced">The operation that must commit nothing more.</param>
/// <param name="Operation">The operation that fences it: a newer one.</param>
/// <param name="Empties">
/// Whether what the fenced operation has committed is undone: an abandoned first version leaves an
/// empty base. Else a shard that it has completed stays completed.
/// </param>
public sealed record FenceShardInput(
    string Machine, string Disk, int Shard, long Fenced, long Operation, bool Empties)
{
    /// <summary>The shard's key.</summary>
    public ShardKey Key => new(Machine, Disk, Shard);
}
