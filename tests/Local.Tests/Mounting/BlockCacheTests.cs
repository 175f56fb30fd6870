using System.Buffers;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Mounting;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>What stays in the cache, and what is read ahead.</summary>
public sealed class BlockCacheTests
{
    private const int BlockBytes = 1024;

    [Fact]
    public void A_scan_leaves_what_is_in_use_where_it_is()
    {
        using var cache = new BlockCache(100 * BlockBytes);
        // Wanted, gone from the queue, wanted again: from then on they stay.
        for (var round = 0; round < 2; round++)
        {
            for (var block = 0; block < 30; block++) Want(cache, block);
            for (var block = 1000; block < 1100; block++) Want(cache, block + (round * 1000));
        }
        for (var block = 10_000; block < 20_000; block++) Want(cache, block);
        Assert.All(Enumerable.Range(0, 30), b => Assert.True(cache.Has(new BlockKey(0, b))));
        Assert.InRange(cache.KeptBytes, 1, 100 * BlockBytes);
    }

    [Fact]
    public void Blocks_that_are_held_stay_readable_when_the_cache_drops_them()
    {
        using var cache = new BlockCache(8 * BlockBytes);
        Want(cache, 7);
        var held = cache.TryGet(new BlockKey(0, 7))!;
        for (var block = 100; block < 200; block++) Want(cache, block);
        Assert.False(cache.Has(new BlockKey(0, 7)));
        Assert.Equal(7, held.Bytes[0]);
        Assert.False(held.Bytes.ContainsAnyExcept((byte)7));
        held.Release();
    }

    [Fact]
    public void Readers_from_front_to_back_are_read_ahead_of_and_random_ones_are_not()
    {
        var streams = new ReadStreams(4 << 20);
        var random = new Random(1);
        var ahead = new List<ByteRange>();
        for (var at = 0L; at < 32 << 20; at += 64 << 10)
        {
            Assert.Equal(0, streams.Note(At(random.NextInt64(1L << 40)), 1L << 41).Length);
            var next = streams.Note(At((1L << 40) + at), 1L << 41);
            if (next.Length > 0) ahead.Add(next);
        }
        // One after the other, without gaps, always before the reader comes there.
        Assert.InRange(ahead.Count, 5, 200);
        for (var i = 1; i < ahead.Count; i++) Assert.Equal(ahead[i - 1].End, ahead[i].Offset);
        Assert.InRange(ahead[^1].End, (1L << 40) + (32 << 20), (1L << 40) + (37 << 20));

        static ByteRange At(long offset) => new(offset, offset + (64 << 10));
    }

    [Fact]
    public void Nothing_is_read_ahead_past_the_end()
    {
        var streams = new ReadStreams(4 << 20);
        for (var at = 0L; at < 1 << 20; at += 64 << 10)
            Assert.InRange(
                streams.Note(new ByteRange(at, at + (64 << 10)), 1 << 20).End, 0, 1 << 20);
    }

    private static void Want(BlockCache cache, long block)
    {
        var key = new BlockKey(0, block);
        if (cache.TryGet(key) is { } kept)
        {
            kept.Release();
            return;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(BlockBytes);
        bytes.AsSpan().Fill((byte)block);
        var fresh = new CachedBlock(bytes, BlockBytes);
        cache.Add(key, fresh);
        fresh.Release();
    }
}
