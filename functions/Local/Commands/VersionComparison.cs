using System.Buffers;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>
/// Finds where the disks of two versions differ: in the shards that any version between changed,
/// blocks whose hashes differ are read and compared by sectors. Other shards are not looked at.
/// </summary>
internal sealed class VersionComparison(
    LocalEngine engine, Manifest manifest, VersionRecord from, VersionRecord to)
{
    private const int BlocksAtOnce = 64;

    /// <summary>Compares all disks, or one.</summary>
    /// <exception cref="NoSuchException">Neither version has a disk of that name.</exception>
    public async Task<IReadOnlyList<DiskDiffDocument>> CompareAsync(
        string? disk, CancellationToken cancellation)
    {
        var names = from.Disks.Concat(to.Disks).Select(d => d.Name)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (disk is not null && !names.Contains(disk, StringComparer.Ordinal))
        {
            throw new NoSuchException(
                $"disk '{disk}' in version {from.Number} or {to.Number} of '{manifest.Machine}'",
                $"They have {string.Join(", ", names)}.");
        }
        var found = new List<DiskDiffDocument>();
        foreach (var name in names)
        {
            if (disk is not null && !string.Equals(disk, name, StringComparison.Ordinal)) continue;
            var (first, second) = (Find(from, name), Find(to, name));
            var ranges = first is null || second is null
                ? Whole(first ?? second!)
                : await CompareAsync(first, second, cancellation);
            found.Add(new DiskDiffDocument(
                name, first?.SizeBytes, second?.SizeBytes, ranges.Sum(r => r.Length),
                [.. ranges.Select(r => new RangeDocument(r.Offset, r.Length))]));
        }
        return found;
    }

    private static VersionDisk? Find(VersionRecord version, string name) =>
        version.Disks.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal));

    private static List<ByteRange> Whole(VersionDisk disk) =>
        disk.SizeBytes == 0 ? [] : [new ByteRange(0, disk.SizeBytes)];

    private async Task<List<ByteRange>> CompareAsync(
        VersionDisk first, VersionDisk second, CancellationToken cancellation)
    {
        var ranges = new List<ByteRange>();
        if (first.Node == second.Node && first.SizeBytes == second.SizeBytes) return ranges;
        var left = engine.Views.Open(manifest, from, first);
        var right = engine.Views.Open(manifest, to, second);
        foreach (var shard in await ChangedShardsAsync(first.Name, cancellation))
        {
            var blocks = await DifferingBlocksAsync(left, right, shard, cancellation);
            foreach (var chunk in blocks.Chunk(BlocksAtOnce))
                await CompareBlocksAsync(left, right, shard, chunk, ranges, cancellation);
        }
        var (smaller, larger) = (
            Math.Min(first.SizeBytes, second.SizeBytes), Math.Max(first.SizeBytes, second.SizeBytes));
        // What only one version has differs even where it is zero.
        if (smaller < larger) Cut(ranges, smaller, larger);
        else if (ranges.Count > 0 && ranges[^1].End > larger) ranges[^1] = ranges[^1] with { End = larger };
        return ranges;
    }

    private async Task<IEnumerable<int>> ChangedShardsAsync(
        string disk, CancellationToken cancellation)
    {
        var shards = new SortedSet<int>();
        var (low, high) = (Math.Min(from.Number, to.Number), Math.Max(from.Number, to.Number));
        await foreach (var version in manifest.VersionsAsync(low + 1, high, cancellation))
        {
            if (Find(version, disk) is not { } changed) continue;
            foreach (var edge in await manifest.EdgesAsync(changed, cancellation))
                shards.Add(edge.Shard);
        }
        return shards;
    }

    private static async Task<List<int>> DifferingBlocksAsync(
        DiskView left, DiskView right, int shard, CancellationToken cancellation)
    {
        var before = await HashesAsync(left, shard, cancellation);
        var after = await HashesAsync(right, shard, cancellation);
        var differing = before
            .Where(b => after.GetValueOrDefault(b.Key) != b.Value).Select(b => b.Key)
            .Concat(after.Keys.Where(block => !before.ContainsKey(block)))
            .ToList();
        differing.Sort();
        return differing;
    }

    private static Task<Dictionary<int, Hash256>> HashesAsync(
        DiskView view, int shard, CancellationToken cancellation) => view.OnShardAsync(
            shard,
            async state =>
            {
                var hashes = new Dictionary<int, Hash256>();
                foreach (var block in await state.NonZeroBlocksAsync(cancellation))
                    hashes.Add(block, state.HashOf(block));
                return hashes;
            },
            cancellation);

    private static async Task CompareBlocksAsync(
        DiskView left, DiskView right, int shard, int[] blocks, List<ByteRange> ranges,
        CancellationToken cancellation)
    {
        var layout = left.Layout;
        var length = blocks.Length * layout.BlockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(2 * length);
        try
        {
            var (before, after) = (buffer.AsMemory(0, length), buffer.AsMemory(length, length));
            await ReadAsync(left, shard, blocks, before, cancellation);
            await ReadAsync(right, shard, blocks, after, cancellation);
            for (var i = 0; i < blocks.Length; i++)
            {
                var at = i * layout.BlockBytes;
                var mask = Sectors.Differing(
                    before.Span.Slice(at, layout.BlockBytes),
                    after.Span.Slice(at, layout.BlockBytes), layout);
                Add(ranges, mask, (shard * layout.ShardBytes)
                    + ((long)blocks[i] * layout.BlockBytes), layout);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Task<bool> ReadAsync(
        DiskView view, int shard, int[] blocks, Memory<byte> destination,
        CancellationToken cancellation) => view.OnShardAsync(
            shard,
            async state =>
            {
                await state.ReadBlocksAsync(blocks, destination, cancellation);
                return true;
            },
            cancellation);

    private static void Add(List<ByteRange> ranges, ushort mask, long offset, Layout layout)
    {
        for (var sector = 0; sector < layout.SectorsPerBlock; sector++)
        {
            if ((mask >> sector & 1) == 0) continue;
            var begin = offset + ((long)sector * layout.SectorBytes);
            if (ranges.Count > 0 && ranges[^1].End == begin)
                ranges[^1] = ranges[^1] with { End = begin + layout.SectorBytes };
            else
                ranges.Add(new ByteRange(begin, begin + layout.SectorBytes));
        }
    }

    /// <summary>Replaces all from an offset on by one range.</summary>
    private static void Cut(List<ByteRange> ranges, long from, long end)
    {
        while (ranges.Count > 0 && ranges[^1].End > from)
        {
            from = Math.Min(from, ranges[^1].Offset);
            ranges.RemoveAt(ranges.Count - 1);
        }
        if (ranges.Count > 0 && ranges[^1].End == from)
        {
            from = ranges[^1].Offset;
            ranges.RemoveAt(ranges.Count - 1);
        }
        ranges.Add(new ByteRange(from, end));
    }
}
