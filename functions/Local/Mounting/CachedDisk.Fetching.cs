using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Mounting;

/// <content>Bringing blocks from the store, for those who wait and ahead of them.</content>
internal sealed partial class CachedDisk
{
    /// <summary>
    /// Joins or begins the fetches of blocks from the first one on, up to one that is kept: none
    /// where the first has come since the caller looked for it.
    /// </summary>
    private List<BlockFetch> Claim(long first, long end)
    {
        var claimed = new List<BlockFetch>((int)(end - first));
        var begun = new List<(long First, List<BlockFetch> Run)>();
        lock (_gate)
        {
            for (var block = first; block < end; block++)
            {
                if (_cache.Has(new BlockKey(_number, block))) break;
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
        if (count == 1)
        {
            // What readers at random places want: the block comes straight to its place.
            var block = await ReadAsync(offset, BlockBytes);
            Complete(first, run[from], new CachedBlock(block, BlockBytes));
            return count;
        }
        var buffer = await ReadAsync(offset, count * BlockBytes);
        for (var i = 0; i < count; i++)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(BlockBytes);
            buffer.AsSpan(i * BlockBytes, BlockBytes).CopyTo(bytes);
            Complete(first + i, run[from + i], new CachedBlock(bytes, BlockBytes));
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return count;
    }

    /// <summary>Reads from the store into a rented buffer.</summary>
    private async Task<byte[]> ReadAsync(long offset, int lengthBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(lengthBytes);
        try
        {
            await _view.ReadAsync(
                offset, buffer.AsMemory(0, lengthBytes), CancellationToken.None);
            return buffer;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
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
}
