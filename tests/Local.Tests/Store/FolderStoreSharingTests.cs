using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>Several stores open on one folder, as several processes have them.</summary>
public sealed class FolderStoreSharingTests : IDisposable
{
    private readonly string _root = TestFolders.Make(TestFolders.Disk);
    private readonly FolderStore _one;
    private readonly FolderStore _other;

    public FolderStoreSharingTests()
    {
        _one = FolderStore.Open(_root);
        _other = FolderStore.Open(_root);
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Two_stores_that_race_their_commits_lose_no_turn()
    {
        await _one.PutAsync("counter", Array.Empty<byte>(), WriteOptions.Create());
        await Task.WhenAll(CountAsync(_one, "a"), CountAsync(_other, "b"));

        var blocks = await _one.GetBlocksAsync("counter");
        Assert.Equal(60, blocks.Count);
        Assert.Equal(60, blocks.Select(block => block.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(60 * 100, (await _other.ReadWholeAsync("counter", 6000)).Content.Length);
    }

    [Fact]
    public async Task A_block_staged_by_one_is_committed_by_the_other()
    {
        await _one.StageBlockAsync("a", Id("1"), new byte[] { 1, 2 });
        await _other.StageBlockAsync("a", Id("2"), new byte[] { 3 });
        await _one.StageBlockAsync("a", Id("3"), new byte[] { 4 });
        await _other.CommitBlocksAsync("a", [New("1"), New("2"), New("3")], WriteOptions.Create());

        Assert.Equal([1, 2, 3, 4], (await _one.ReadWholeAsync("a", 9)).Content);
        await Assert.ThrowsAsync<OvertakenException>(
            () => _one.CommitBlocksAsync("a", [New("1")], new WriteOptions()));
    }

    [Fact]
    public async Task Blocks_outlive_the_store_that_staged_them()
    {
        await _one.StageBlockAsync("a", Id("1"), new byte[] { 1, 2 });
        _one.Dispose();
        await _other.StageBlockAsync("a", Id("2"), new byte[] { 3 });
        await _other.CommitBlocksAsync("a", [New("1"), New("2")], WriteOptions.Create());

        Assert.Equal([1, 2, 3], (await _other.ReadWholeAsync("a", 9)).Content);
    }

    [Fact]
    public async Task A_reader_that_holds_a_head_sees_the_commit_of_the_other()
    {
        await _one.StageBlockAsync("a", Id("1"), new byte[100_000]);
        var first = await _one.CommitBlocksAsync("a", [New("1")], WriteOptions.Create());
        await _one.ReadAsync("a", 5, new byte[10], first.ETag);
        await _other.StageBlockAsync("a", Id("2"), new byte[] { 9 });
        await _other.CommitBlocksAsync("a", [New("2")], WriteOptions.Replace(first.ETag));

        await Assert.ThrowsAsync<OvertakenException>(
            () => _one.ReadAsync("a", 5, new byte[10], first.ETag));
        var read = new byte[1];
        await _one.ReadAsync("a", 0, read);
        Assert.Equal(9, read[0]);
    }

    [Fact]
    public async Task Superseded_blocks_give_their_space_back()
    {
        var etag = (await _one.PutAsync("a", new byte[] { 1 }, WriteOptions.Create())).ETag;
        await _one.StageBlockAsync("a", Id("kept"), new byte[1 << 20]);
        for (var round = 0; round < 12; round++)
        {
            var content = new byte[4 << 20];
            new Random(round).NextBytes(content);
            await _one.StageBlockAsync("a", Id($"{round}"), content);
            BlockReference kept = new(Id("kept"), Committed: round > 0);
            etag = (await _one.CommitBlocksAsync(
                "a", [kept, New($"{round}")], WriteOptions.Replace(etag))).ETag;
        }

        Assert.InRange(await DiskBytesAsync(_root), 5 << 20, 8 << 20);
    }

    [Fact]
    public async Task A_sweep_removes_what_was_staged_long_ago_and_nothing_else()
    {
        var clock = new ManualClock();
        using var store = FolderStore.Open(_root, new FolderStoreOptions { Clock = clock });
        await store.StageBlockAsync("old", Id("1"), new byte[1000]);
        await store.PutAsync("a", new byte[300_000], WriteOptions.Create());
        store.Dispose();
        using var later = FolderStore.Open(_root, new FolderStoreOptions { Clock = clock });
        Assert.Equal(0, await later.SweepAsync());
        clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(1, await later.SweepAsync());
        Assert.Equal(300_000, (await later.ReadWholeAsync("a", 300_000)).Content.Length);
        await Assert.ThrowsAsync<OvertakenException>(
            () => later.CommitBlocksAsync("old", [New("1")], new WriteOptions()));
    }

    [Fact]
    public async Task A_damaged_head_is_refused_and_not_believed()
    {
        await _one.PutAsync("a", new byte[] { 1, 2, 3, 4 }, WriteOptions.Create());
        var path = Directory.GetFiles(_root, "a.o", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            await File.WriteAllBytesAsync(path, bytes);
            await Assert.ThrowsAsync<StoreRefusedException>(() => _other.ReadWholeAsync("a", 9));
            bytes[at] ^= 1;
        }
    }

    private static string Id(string text) => StoreModel.IdOf(text);

    private static BlockReference New(string text) => new(Id(text), Committed: false);

    /// <summary>Adds 30 blocks to one list, each over the state it has just read.</summary>
    private static async Task CountAsync(FolderStore store, string mark)
    {
        for (var done = 0; done < 30;)
        {
            var found = (await store.FindAsync("counter"))!;
            var standing = await store.GetBlocksAsync("counter");
            await store.StageBlockAsync("counter", Id($"{mark}{done}"), new byte[100]);
            try
            {
                await store.CommitBlocksAsync(
                    "counter",
                    [.. standing.Select(block => new BlockReference(block.Id, true)), New($"{mark}{done}")],
                    WriteOptions.Replace(found.ETag));
                done++;
            }
            catch (OvertakenException)
            {
                // The other was first; read again.
            }
        }
    }

    private static async Task<long> DiskBytesAsync(string root)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("du", ["-sk", root])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return long.Parse(output.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture) << 10;
    }
}
