using System.Numerics;
using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// What was written to a disk of a mount as an incremental image: the sectors that a seal names, in
/// the states that it names. Reads may run side by side.
/// </summary>
internal sealed class SealedMountImage(
    IObjectStore store, MountSeals seals, MountRecord mount, SealedDisk disk) : IDiskImage
{
    private const int MostShards = 2;
    private const int MostChunks = 64;

    private readonly Dictionary<int, Hash256> _shards =
        disk.Shards.ToDictionary(s => s.Shard, s => s.Chunks);

    private readonly MountChunks _chunks = new(
        store, mount, new MountDisk(disk.Name, disk.SizeBytes));

    private readonly Kept<int, IReadOnlyList<SealedChunk>> _lists = new(MostShards);
    private readonly Kept<long, MountChunk> _open = new(MostChunks);

    /// <inheritdoc/>
    public string Format => StoredSources.MountFormat;

    /// <inheritdoc/>
    public long SizeBytes => disk.SizeBytes;

    /// <inheritdoc/>
    public bool HasParent => true;

    /// <inheritdoc/>
    public string? ParentHint => null;

    /// <inheritdoc/>
    public string Description =>
        $"overlay of mount {mount.Id} over version {mount.Version} of {mount.Machine}";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var at = range.Offset; at < range.End;)
        {
            var shard = (int)(at / mount.ShardBytes);
            var end = Math.Min(range.End, (shard + 1) * mount.ShardBytes);
            if (!_shards.TryGetValue(shard, out var hash))
            {
                // Neighbours that were not written to are passed over together.
                while (end < range.End && !_shards.ContainsKey((int)(end / mount.ShardBytes)))
                    end = Math.Min(range.End, end + mount.ShardBytes);
                yield return new Extent(new ByteRange(at, end), ExtentKind.Parent);
                at = end;
                continue;
            }
            foreach (var chunk in await ListAsync(shard, hash, cancellation))
            {
                foreach (var extent in ExtentsOf(chunk, new ByteRange(at, end)))
                {
                    if (extent.Range.Offset > at)
                        yield return new Extent(
                            new ByteRange(at, extent.Range.Offset), ExtentKind.Parent);
                    yield return extent;
                    at = extent.Range.End;
                }
            }
            if (at < end) yield return new Extent(new ByteRange(at, end), ExtentKind.Parent);
            at = end;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        destination.Span.Clear();
        var end = offset + destination.Length;
        for (var shard = (int)(offset / mount.ShardBytes); shard * mount.ShardBytes < end; shard++)
        {
            if (!_shards.TryGetValue(shard, out var hash)) continue;
            var list = await ListAsync(shard, hash, cancellation);
            for (var i = FirstAt(list, offset); i < list.Count; i++)
            {
                var start = list[i].Chunk * _chunks.ChunkBytes;
                if (start >= end) break;
                var content = await _open.GetAsync(
                    list[i].Chunk, () => OpenAsync(list[i], cancellation));
                Copy(content, start, offset, destination.Span);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Buffers of chunks are left to the collector: a read may still copy out of one.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The written sectors of a chunk within a range, neighbours of one kind joined.</summary>
    private IEnumerable<Extent> ExtentsOf(SealedChunk chunk, ByteRange range)
    {
        var start = chunk.Chunk * _chunks.ChunkBytes;
        for (var sector = 0; sector < MountChunk.SectorCount;)
        {
            var rest = chunk.Sectors >> sector;
            if (rest == 0) yield break;
            sector += BitOperations.TrailingZeroCount(rest);
            var isZero = (chunk.Zeros >> sector & 1) != 0;
            var first = sector;
            while (sector < MountChunk.SectorCount && (chunk.Sectors >> sector & 1) != 0
                && ((chunk.Zeros >> sector & 1) != 0) == isZero) sector++;
            var from = Math.Max(range.Offset, start + ((long)first * mount.SectorBytes));
            var to = Math.Min(range.End, start + ((long)sector * mount.SectorBytes));
            if (from < to)
                yield return new Extent(
                    new ByteRange(from, to), isZero ? ExtentKind.Zero : ExtentKind.Data);
        }
    }

    private static void Copy(
        MountChunk content, long start, long offset, Span<byte> destination)
    {
        var end = offset + destination.Length;
        for (var rest = content.Sectors; rest != 0; rest &= rest - 1)
        {
            var sector = BitOperations.TrailingZeroCount(rest);
            var place = start + ((long)sector * content.SectorBytes);
            var (from, to) = (
                Math.Max(place, offset), Math.Min(place + content.SectorBytes, end));
            if (from < to)
                content.Sector(sector)[(int)(from - place)..(int)(to - place)]
                    .CopyTo(destination[(int)(from - offset)..]);
        }
    }

    private int FirstAt(IReadOnlyList<SealedChunk> list, long offset)
    {
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((list[middle].Chunk + 1) * _chunks.ChunkBytes <= offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private Task<IReadOnlyList<SealedChunk>> ListAsync(
        int shard, Hash256 hash, CancellationToken cancellation) =>
        _lists.GetAsync(
            shard, () => seals.ChunksAsync(mount.Machine, mount.Id, hash, cancellation));

    /// <summary>Opens a chunk in the state that was sealed.</summary>
    /// <exception cref="InvalidImageException">
    /// Reason "changed": a writer that had stalled was later than the seal.
    /// </exception>
    private async Task<MountChunk> OpenAsync(SealedChunk chunk, CancellationToken cancellation)
    {
        var found = await _chunks.FindAsync(chunk.Chunk, cancellation);
        if (found is { } there)
        {
            if (string.Equals(there.ETag, chunk.ETag, StringComparison.Ordinal)
                && there.Chunk.Sectors == chunk.Sectors) return there.Chunk;
            there.Chunk.Dispose();
        }
        throw new InvalidImageException(
            "changed", _chunks.NameOf(chunk.Chunk), $"its state {chunk.ETag}",
            found is { } other ? $"the state {other.ETag}" : "no such object", null,
            "A writer was later than the freeze of the mount: commit it again.");
    }

    /// <summary>What was opened last, each opened once for all who want it.</summary>
    private sealed class Kept<TKey, TValue>(int most)
        where TKey : notnull
    {
        private readonly LinkedList<(TKey Key, Task<TValue> Value)> _kept = [];

        public Task<TValue> GetAsync(TKey key, Func<Task<TValue>> open)
        {
            lock (_kept)
            {
                var node = _kept.First;
                while (node is not null && !node.Value.Key.Equals(key)) node = node.Next;
                if (node is not null)
                {
                    _kept.Remove(node);
                    if (!node.Value.Value.IsFaulted && !node.Value.Value.IsCanceled)
                    {
                        _kept.AddFirst(node);
                        return node.Value.Value;
                    }
                }
                while (_kept.Count >= most) _kept.RemoveLast();
                return _kept.AddFirst((key, open())).Value.Value;
            }
        }
    }
}
