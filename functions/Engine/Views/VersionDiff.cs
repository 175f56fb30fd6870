using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// What differs between a disk at two versions, as ascending ranges of bytes that do not meet.
/// Bytes past a disk's end count as zeros; the sizes themselves are told by the views.
/// </summary>
public sealed class VersionDiff
{
    private readonly Manifest _manifest;
    private readonly DiskView _from;
    private readonly DiskView _to;
    private readonly Layout _layout;
    private readonly long _first;
    private readonly long _mostRangeBytes;

    /// <summary>Compares two versions of a disk.</summary>
    /// <param name="manifest">The machine's manifest, no older than either version.</param>
    /// <param name="from">The disk at one version.</param>
    /// <param name="to">The same disk at the other.</param>
    /// <param name="first">The first byte that is looked at; counted by whole sectors.</param>
    /// <param name="mostRangeBytes">A range of this length is handed on though the next touches it.</param>
    public VersionDiff(
        Manifest manifest, DiskView from, DiskView to, long first = 0,
        long mostRangeBytes = long.MaxValue)
    {
        if (!string.Equals(from.Machine, to.Machine, StringComparison.Ordinal)
            || !string.Equals(from.Disk.Name, to.Disk.Name, StringComparison.Ordinal))
            throw new ArgumentException(
                $"{from.Machine}/{from.Disk.Name} and {to.Machine}/{to.Disk.Name} are two disks.",
                nameof(to));
        (_manifest, _from, _to, _layout) = (manifest, from, to, from.Layout);
        (_first, _mostRangeBytes) = (first / _layout.SectorBytes * _layout.SectorBytes, mostRangeBytes);
    }

    private long EndBytes => Math.Max(_from.SizeBytes, _to.SizeBytes);

    /// <summary>Whole blocks that differ, told by their hashes; reads indexes only.</summary>
    public IAsyncEnumerable<ByteRange> BlocksAsync(CancellationToken cancellation = default) =>
        JoinAsync(BlockRangesAsync(cancellation), cancellation);

    /// <summary>The sectors that differ, told by the bytes of the blocks that differ.</summary>
    public IAsyncEnumerable<ByteRange> SectorsAsync(CancellationToken cancellation = default) =>
        JoinAsync(SectorRangesAsync(cancellation), cancellation);

    private async IAsyncEnumerable<ByteRange> BlockRangesAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = _layout.ShardsOf(EndBytes);
        if (count == 0) yield break;
        var shards = await DiskShards.BetweenAsync(
            _manifest, _from.Disk.Name, _from.Version, _to.Version, cancellation)
            ?? ShardRanges.Range(0, count - 1);
        foreach (var shard in shards)
        {
            var length = _layout.ShardLength(EndBytes, shard);
            if (length == 0) yield break;
            var begin = Math.Max(0, _first - (shard * _layout.ShardBytes)) / _layout.BlockBytes;
            var end = (int)((length + _layout.BlockBytes - 1) / _layout.BlockBytes);
            if (begin >= end) continue;
            var changed = await BlockHashes.ChangedAsync(
                _from, _to, shard, (int)begin, end, cancellation);
            foreach (var (block, _) in changed)
                yield return RangeAt(
                    (shard * _layout.ShardBytes) + ((long)block * _layout.BlockBytes),
                    _layout.BlockBytes);
        }
    }

    private async IAsyncEnumerable<ByteRange> SectorRangesAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Neighbouring blocks that differ are read together, a megabyte at a time.
        var windowBlocks = Math.Max(1, (1 << 20) / _layout.BlockBytes);
        var before = new byte[windowBlocks * _layout.BlockBytes];
        var after = new byte[before.Length];
        await foreach (var run in BlocksAsync(cancellation))
        {
            for (var at = run.Offset; at < run.End; at += before.Length)
            {
                var length = (int)Math.Min(before.Length, run.End - at);
                await _from.ReadAsync(at, before.AsMemory(0, length), cancellation);
                await _to.ReadAsync(at, after.AsMemory(0, length), cancellation);
                for (var s = 0; s < length; s += _layout.SectorBytes)
                {
                    var size = Math.Min(_layout.SectorBytes, length - s);
                    if (!before.AsSpan(s, size).SequenceEqual(after.AsSpan(s, size)))
                        yield return RangeAt(at + s, size);
                }
            }
        }
    }

    private ByteRange RangeAt(long offset, int length) =>
        new(offset, Math.Min(offset + length, EndBytes));

    private async IAsyncEnumerable<ByteRange> JoinAsync(
        IAsyncEnumerable<ByteRange> ranges,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        ByteRange? open = null;
        await foreach (var found in ranges.WithCancellation(cancellation))
        {
            if (found.End <= _first) continue;
            var range = found with { Offset = Math.Max(found.Offset, _first) };
            if (open is { } before && before.End == range.Offset
                && before.Length < _mostRangeBytes)
            {
                open = new ByteRange(before.Offset, range.End);
                continue;
            }
            if (open is { } whole) yield return whole;
            open = range;
        }
        if (open is { } last) yield return last;
    }
}
