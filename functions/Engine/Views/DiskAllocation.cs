using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Which parts of a disk at a version hold data and which are zeros, told by hashes in indexes: no
/// data is read. A walk asks range by range, so that its memory is that of one answer and of the
/// shards that the view keeps.
/// </summary>
/// <param name="view">The disk.</param>
/// <param name="shards">
/// The shards that can hold anything (<see cref="DiskShards.WithDataAsync"/>); others are not
/// looked at.
/// </param>
public sealed class DiskAllocation(DiskView view, ShardRanges shards)
{
    /// <summary>Blocks whose hashes are looked at together: what an index page describes.</summary>
    private readonly int _windowBlocks = view.Layout.BlocksPerPage;

    /// <summary>
    /// Adds the extents of a range from its start, ascending, without gaps, neighbours of one kind
    /// joined; what ends within a block ends there. Fewer than the whole when there are too many.
    /// </summary>
    /// <param name="range">The range; it lies on the disk.</param>
    /// <param name="most">How many extents to add at most; at least one.</param>
    /// <param name="extents">What to add them to.</param>
    /// <param name="cancellation">Ends the walk.</param>
    public async ValueTask AddAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation)
    {
        var layout = view.Layout;
        var first = extents.Count;
        for (var at = range.Offset; at < range.End;)
        {
            var shard = (int)(at / layout.ShardBytes);
            var start = shard * layout.ShardBytes;
            var end = Math.Min(range.End, start + layout.ShardBytes);
            if (!shards.Contains(shard))
            {
                if (!Add(extents, first, most, new ByteRange(at, end), isZero: true)) return;
                at = end;
                continue;
            }
            var block = (int)((at - start) / layout.BlockBytes);
            var last = Math.Min(
                (int)((end - start + layout.BlockBytes - 1) / layout.BlockBytes),
                (block / _windowBlocks * _windowBlocks) + _windowBlocks);
            var zeros = await ZerosAsync(shard, block, last, cancellation);
            for (; block < last; block++)
            {
                var blockEnd = Math.Min(end, start + ((block + 1L) * layout.BlockBytes));
                var isZero = zeros[block % _windowBlocks];
                if (!Add(extents, first, most, new ByteRange(at, blockEnd), isZero)) return;
                at = blockEnd;
            }
        }
    }

    private Task<System.Collections.BitArray> ZerosAsync(
        int shard, int first, int end, CancellationToken cancellation) =>
        view.OnShardAsync(
            shard,
            async resolved =>
            {
                // One page's worth of blocks: the page alone decides what is loaded.
                await resolved.LoadAsync([first], cancellation);
                var zeros = new System.Collections.BitArray(_windowBlocks);
                for (var block = first; block < end; block++)
                    zeros[block % _windowBlocks] = resolved.HashOf(block).IsZero;
                return zeros;
            },
            cancellation);

    /// <summary>Adds a range or joins it to the last one; false when there is no room.</summary>
    private static bool Add(
        List<Extent> extents, int first, int most, ByteRange range, bool isZero)
    {
        var kind = isZero ? ExtentKind.Zero : ExtentKind.Data;
        if (extents.Count > first && extents[^1] is var last && last.Kind == kind)
        {
            extents[^1] = new Extent(new ByteRange(last.Range.Offset, range.End), kind);
            return true;
        }
        if (extents.Count - first >= most) return false;
        extents.Add(new Extent(range, kind));
        return true;
    }
}
