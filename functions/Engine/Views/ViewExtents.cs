using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>What a disk holds at a version, told by its blocks' hashes.</summary>
/// <param name="view">The disk.</param>
/// <param name="shards">The shards that can hold anything.</param>
internal sealed class ViewExtents(DiskView view, ShardRanges shards)
{
    private readonly Layout _layout = view.Layout;

    /// <summary>The extents of a range; its ends are rounded out to blocks.</summary>
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var at = range.Offset;
        await foreach (var data in DataAsync(range, cancellation))
        {
            if (data.Offset > at)
                yield return new Extent(new ByteRange(at, data.Offset), ExtentKind.Zero);
            yield return new Extent(data, ExtentKind.Data);
            at = data.End;
        }
        if (at < range.End)
            yield return new Extent(new ByteRange(at, range.End), ExtentKind.Zero);
    }

    private async IAsyncEnumerable<ByteRange> DataAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var shard in shards)
        {
            var start = shard * _layout.ShardBytes;
            var first = Math.Max(range.Offset - start, 0) / _layout.BlockBytes;
            var end = (Math.Min(range.End - start, _layout.ShardLength(view.SizeBytes, shard))
                + _layout.BlockBytes - 1) / _layout.BlockBytes;
            if (first >= end) continue;
            var hashes = await BlockHashes.ReadAsync(
                view, shard, [.. Enumerable.Range((int)first, (int)(end - first))], cancellation);
            for (var i = 0; i < hashes.Length;)
            {
                var count = 0;
                while (i + count < hashes.Length && !hashes[i + count].IsZero) count++;
                if (count > 0)
                {
                    var offset = start + ((first + i) * _layout.BlockBytes);
                    yield return new ByteRange(
                        Math.Max(offset, range.Offset),
                        Math.Min(offset + ((long)count * _layout.BlockBytes), range.End));
                }
                i += Math.Max(count, 1);
            }
        }
    }
}
