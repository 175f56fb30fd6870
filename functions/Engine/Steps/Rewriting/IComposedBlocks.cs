using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>Gives the changes of a composed delta, block by block.</summary>
internal interface IComposedBlocks
{
    /// <summary>The change of one block; blocks are asked for in ascending order.</summary>
    ValueTask<PackedChange> ComposeAsync(int block, CancellationToken cancellation);
}
