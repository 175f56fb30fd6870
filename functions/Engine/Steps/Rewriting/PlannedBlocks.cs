using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// Puts the changed sectors of blocks together without their bytes, for a plan: which sectors there
/// are is told by the indexes, how long they become is estimated from the frames they lie in now.
/// </summary>
internal sealed class PlannedBlocks(
    ShardMap map, IReadOnlyList<DeltaStream> streams, Layout layout) : IComposedBlocks
{
    /// <inheritdoc/>
    public async ValueTask<PackedChange> ComposeAsync(int block, CancellationToken cancellation)
    {
        map.TryGet(block, out var head);
        var sectors = new double[layout.SectorsPerBlock];
        ushort zero = 0;
        for (var at = head.Hash.IsZero ? -1 : head.FirstSource; at >= 0; at = map.Source(at).Next)
        {
            var source = map.Source(at);
            zero |= (ushort)(source.Zero & source.Take);
            if (!source.NeedsFrame) continue;
            await streams[source.Object].FrameAsync(source.Frame, cancellation);
            var each = (double)source.Frame.StoredBytes / Math.Max(1, (int)source.Frame.Sectors);
            for (var s = 0; s < sectors.Length; s++)
                if ((source.Take >> s & 1) != 0) sectors[s] = each;
        }
        return PlannedPatch.Pack(block, head.Covered, zero, head.Hash, sectors, layout);
    }
}
