using System.Buffers;
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
internal sealed class CachedDisk
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

    /// <summary>
    /// Joins or begins the fetches of blocks from the first one on, up to one that is kept; at least
    /// one.
    /// </summary>
    private List<BlockFetch> Claim(long first, long end)
    {
        var claimed = new List<BlockFetch>((int)(end - first));
        var begun = new List<(long First, List<BlockFetch> Run)>();
        lock (_gate)
        {
            for (var block = first; block < end; block++)
            {
                if (block > first && _cache.Has(new BlockKey(_number, block))) break;
                if (_fetching.TryGetValue(block, out var fetch))
                {
                    fetch.Join();
                }
                else
                {
                    fetch = new BlockFetch();
                    _fetching.Add(block, fetch);
                    if (begun.Count == 0 || begun[^1].First + begun[^1].Run.Count != block)
                        begun.Add((block, []));
                    begun[^1].Run.Add(fetch);
                }
                claimed.Add(fetch);
            }
        }
        foreach (var (block, run) in begun)
            _ = Task.Run(() => FetchAsync(block, run), CancellationToken.None);
        return claimed;
    }

    private async Task FetchAsync(long first, List<BlockFetch> run)
    {
        var done = 0;
        await _cache.Fetching.WaitAsync(CancellationToken.None);
        try
        {
            while (done < run.Count)
                done += await FetchSomeAsync(first + done, run, done);
        }
#pragma warning disable CA1031 // Those who wait get the error, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                for (; done < run.Count; done++)
                {
                    _fetching.Remove(first + done);
                    run[done].Fail(error);
                }
            }
        }
        finally
        {
            _cache.Fetching.Release();
        }
    }

    /// <summary>Fetches neighbours that are alike: zeros, or data. Answers how many.</summary>
    private async Task<int> FetchSomeAsync(long first, List<BlockFetch> run, int from)
    {
        var offset = first * BlockBytes;
        var most = run.Count - from;
        var extents = new List<Extent>();
        await _allocation.AddAsync(
            new ByteRange(offset, Math.Min(offset + ((long)most * BlockBytes), SizeBytes)),
            1, extents, CancellationToken.None);
        var length = extents[0].Range.Length;
        var count = (int)((length + BlockBytes - 1) / BlockBytes);
        if (extents[0].Kind == ExtentKind.Zero)
        {
            for (var i = 0; i < count; i++) Complete(first + i, run[from + i], null);
            return count;
        }
        Interlocked.Increment(ref _fetches);
        Interlocked.Add(ref _fetchedBlocks, count);
        var buffer = ArrayPool<byte>.Shared.Rent(count * BlockBytes);
        try
        {
            await _view.ReadAsync(
                offset, buffer.AsMemory(0, count * BlockBytes), CancellationToken.None);
            for (var i = 0; i < count; i++)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(BlockBytes);
                buffer.AsSpan(i * BlockBytes, BlockBytes).CopyTo(bytes);
                Complete(first + i, run[from + i], new CachedBlock(bytes, BlockBytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return count;
    }

    private void Complete(long block, BlockFetch fetch, CachedBlock? content)
    {
        lock (_gate)
        {
            // Kept before it is off the list: nobody may find it in neither and fetch it again.
            if (content is not null) _cache.Add(new BlockKey(_number, block), content);
            _fetching.Remove(block);
            fetch.Complete(content);
            content?.Release();
        }
    }

    private async Task FetchAheadAsync(ByteRange range)
    {
        for (var at = range.Offset; at < range.End;)
        {
            // Pieces end where fetches of others do, so that they find each other.
            var end = Math.Min(range.End, (at / FetchBytes * FetchBytes) + FetchBytes);
            await _ahead.WaitAsync();
            _ = FetchPieceAsync(new ByteRange(at, end)).ContinueWith(
                static (_, ahead) => ((SemaphoreSlim)ahead!).Release(), _ahead,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            at = end;
        }
    }

    /// <summary>Fetches what is not kept of a range; who reads it will see an error for himself.</summary>
    private async Task FetchPieceAsync(ByteRange range)
    {
        var block = range.Offset / BlockBytes;
        var end = ((range.End - 1) / BlockBytes) + 1;
        while (block < end)
        {
            if (_cache.Has(new BlockKey(_number, block)))
            {
                block++;
                continue;
            }
            var claimed = Claim(block, Math.Min(end, block + BlocksAtOnce));
            foreach (var fetch in claimed)
            {
                await fetch.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (_gate) fetch.Leave();
            }
            block += claimed.Count;
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
