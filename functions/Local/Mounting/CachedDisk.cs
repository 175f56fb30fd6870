using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// A version's disk for many readers: blocks come from a cache that all disks share, each block is
/// fetched once however many want it at a time, what is known to be zeros is never fetched, and
/// readers that go from front to back find their blocks there already.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds "
    + "nothing to dispose of, and fetches ahead may still use it when the disk is dropped.")]
internal sealed partial class CachedDisk
{
    /// <summary>Most bytes of one fetch.</summary>
    private const int FetchBytes = 1 << 20;

    private readonly DiskView _view;
    private readonly ShardRanges _shards;
    private readonly DiskAllocation _allocation;
    private readonly BlockCache _cache;
    private readonly int _number;
    private readonly ReadStreams _streams;
    private readonly SemaphoreSlim _ahead = new(
        Math.Max(2, Environment.ProcessorCount), int.MaxValue);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, BlockFetch> _fetching = [];
    private long _fetches;
    private long _fetchedBlocks;

    /// <summary>A disk over a cache.</summary>
    /// <param name="view">The disk at its version.</param>
    /// <param name="shards">The shards that can hold anything.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="number">The disk's number in the cache; no other disk has it.</param>
    public CachedDisk(DiskView view, ShardRanges shards, BlockCache cache, int number)
    {
        (_view, _shards, _cache, _number) = (view, shards, cache, number);
        _allocation = new DiskAllocation(view, shards);
        // What is read ahead comes into the cache's queue and must not push itself out.
        _streams = new ReadStreams(Math.Clamp(cache.MostBytes / 32, 256 << 10, 8 << 20));
    }

    /// <summary>The disk at its version.</summary>
    public DiskView View => _view;

    /// <summary>The disk's size.</summary>
    public long SizeBytes => _view.SizeBytes;

    /// <summary>Times that the store was asked for blocks.</summary>
    public long Fetches => Interlocked.Read(ref _fetches);

    /// <summary>Blocks that came from the store.</summary>
    public long FetchedBlocks => Interlocked.Read(ref _fetchedBlocks);

    private int BlockBytes => _view.Layout.BlockBytes;

    private int BlocksAtOnce => Math.Max(1, FetchBytes / BlockBytes);

    /// <summary>The extents of a range from its start; see <see cref="DiskAllocation"/>.</summary>
    public ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation) =>
        _allocation.AddAsync(range, most, extents, cancellation);

    /// <summary>Fills the destination; beyond the disk's end are zeros.</summary>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var range = new ByteRange(offset, Math.Min(offset + destination.Length, SizeBytes));
        if (range.Length < destination.Length)
        {
            destination.Span[(int)Math.Max(0, range.Length)..].Clear();
            if (range.Length <= 0) return;
        }
        var ahead = _streams.Note(range, SizeBytes);
        if (ahead.Length > 0) _ = FetchAheadAsync(ahead);
        var first = range.Offset / BlockBytes;
        var end = ((range.End - 1) / BlockBytes) + 1;
        while (first < end)
        {
            if (_cache.TryGet(new BlockKey(_number, first)) is { } kept)
            {
                Copy(first, kept, range, destination.Span);
                kept.Release();
                first++;
                continue;
            }
            var claimed = Claim(first, Math.Min(end, first + BlocksAtOnce));
            await TakeAsync(first, claimed, range, destination, cancellation);
            first += claimed.Count;
        }
    }

    /// <summary>Brings a range into the cache, as far as the cache is large enough.</summary>
    public async ValueTask PrefetchAsync(ByteRange range, CancellationToken cancellation)
    {
        var end = Math.Min(range.End, range.Offset + (_cache.MostBytes / 8));
        for (var at = range.Offset; at < end; at += FetchBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            await FetchPieceAsync(new ByteRange(at, Math.Min(end, at + FetchBytes)));
        }
    }

    /// <summary>Waits for claimed blocks and copies what is wanted of them.</summary>
    private async Task TakeAsync(
        long first, List<BlockFetch> claimed, ByteRange range, Memory<byte> destination,
        CancellationToken cancellation)
    {
        var left = 0;
        try
        {
            for (; left < claimed.Count; left++)
            {
                // The fetch goes on when this reader gives up: others may wait for it.
                await claimed[left].Done.WaitAsync(cancellation);
                Copy(first + left, claimed[left].Block, range, destination.Span);
                lock (_gate) claimed[left].Leave();
            }
        }
        finally
        {
            lock (_gate)
            {
                for (; left < claimed.Count; left++) claimed[left].Leave();
            }
        }
    }

    /// <summary>Copies what a range wants of a block; null: zeros.</summary>
    private void Copy(long block, CachedBlock? content, ByteRange range, Span<byte> destination)
    {
        var start = block * BlockBytes;
        var from = Math.Max(range.Offset, start);
        var end = Math.Min(range.End, start + BlockBytes);
        var target = destination.Slice((int)(from - range.Offset), (int)(end - from));
        if (content is null) target.Clear();
        else content.Bytes.Slice((int)(from - start), target.Length).CopyTo(target);
    }
}
