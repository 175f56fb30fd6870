using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>Disks of versions through the cache, beside bases that move.</summary>
public sealed class CachedDiskTests
{
    [Fact]
    public async Task Every_version_is_read_exactly_whatever_the_cache_holds()
    {
        var versions = TinyDisks.Row(3, 5);
        var machine = await TinyMachine.CreateAsync(versions);
        using var cache = new BlockCache(20 << 10);
        for (var version = 1; version <= versions.Count; version++)
        {
            var disk = await OpenAsync(machine, version, cache);
            var random = new Random(version);
            for (var i = 0; i < 60; i++)
            {
                var offset = random.Next(versions[version - 1].Length);
                var found = new byte[random.Next(1, 20_000)];
                found.AsSpan().Fill(0xEE);
                await disk.ReadAsync(offset, found, default);
                Assert.Equal(Expected(versions[version - 1], offset, found.Length), found);
            }
        }
    }

    [Fact]
    public async Task A_block_that_many_want_is_fetched_once()
    {
        var content = new byte[64 << 10];
        new Random(1).NextBytes(content);
        var machine = await TinyMachine.CreateAsync([content]);
        // Often: who looks just before a block comes, and claims it just after, is rare.
        for (var round = 0; round < 300; round++)
        {
            using var cache = new BlockCache(1 << 20);
            var disk = await OpenAsync(machine, 1, cache);
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            {
                var found = new byte[300];
                await disk.ReadAsync(5000 + i, found, default);
                Assert.Equal(content[(5000 + i)..(5300 + i)], found);
            })));
            Assert.Equal(2, disk.FetchedBlocks);
        }
    }

    [Fact]
    public async Task Zeros_are_told_by_indexes_and_never_fetched()
    {
        var content = new byte[100_000];
        content.AsSpan(40_000, 5000).Fill(3);
        var machine = await TinyMachine.CreateAsync([content]);
        using var cache = new BlockCache(1 << 20);
        var disk = await OpenAsync(machine, 1, cache);
        var extents = new List<Extent>();
        await disk.ExtentsAsync(new ByteRange(100, 100_000), 10, extents, default);
        Assert.Equal(
            [
                new Extent(new ByteRange(100, 39_936), ExtentKind.Zero),
                new Extent(new ByteRange(39_936, 45_056), ExtentKind.Data),
                new Extent(new ByteRange(45_056, 100_000), ExtentKind.Zero),
            ],
            extents);
        extents.Clear();
        await disk.ExtentsAsync(new ByteRange(100, 100_000), 2, extents, default);
        Assert.Equal(45_056, extents[^1].Range.End);
        Assert.Equal(0, disk.Fetches);
        var found = new byte[30_000];
        await disk.ReadAsync(0, found, default);
        Assert.Equal(0, disk.Fetches);
    }

    [Fact]
    public async Task Readers_beside_a_base_that_moves_see_no_wrong_byte()
    {
        var versions = TinyDisks.Row(8, 6);
        var machine = await TinyMachine.CreateAsync(versions);
        using var cache = new BlockCache(16 << 10);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(1, versions.Count).Select(v => Task.Run(async () =>
        {
            var disk = await OpenAsync(machine, v, cache);
            var random = new Random(v);
            var count = 0;
            for (; !stop.IsCancellationRequested || count < 20; count++)
            {
                var offset = random.Next(versions[v - 1].Length);
                var found = new byte[random.Next(1, 9000)];
                await disk.ReadAsync(offset, found, default);
                Assert.Equal(Expected(versions[v - 1], offset, found.Length), found);
            }
            return count;
        })).ToList();
        foreach (var to in new[] { 2, 3, 5, 6 })
            await machine.MoveBaseAsync(to, machine.Services);
        await stop.CancelAsync();
        foreach (var reader in readers) Assert.InRange(await reader, 20, int.MaxValue);
    }

    private static async Task<CachedDisk> OpenAsync(
        TinyMachine machine, int version, BlockCache cache)
    {
        var view = await machine.ViewAsync(version);
        var shards = await DiskShards.WithDataAsync(
            await machine.ManifestAsync(), view.Disk, version, default);
        return new CachedDisk(view, shards, cache, version);
    }

    private static byte[] Expected(byte[] disk, int offset, int length)
    {
        var expected = new byte[length];
        disk.AsSpan(offset, Math.Min(length, disk.Length - offset)).CopyTo(expected);
        return expected;
    }
}
