using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Blocks beside puts and deletes, ids that are refused, and large objects.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_put_object_has_no_blocks()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));
        await store.PutAsync("a", Bytes(10, 2), new WriteOptions());

        Assert.Empty(await store.GetBlocksAsync("a"));
        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Kept(1)], new WriteOptions()));
        Assert.Equal(Bytes(10, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_commit_replaces_a_put_object()
    {
        var store = await OpenAsync();
        var put = await store.PutAsync("a", Bytes(10, 1), WriteOptions.Create());
        await store.StageBlockAsync("a", Id(1), Bytes(20, 2));
        await store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Replace(put.ETag));

        Assert.Equal(Bytes(20, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public Task A_put_drops_the_staged_blocks_of_its_name() => StagedBlocksAreDroppedAsync(
        store => store.PutAsync("a", Bytes(5, 3), new WriteOptions()));

    [Fact]
    public Task A_delete_drops_the_staged_blocks_of_its_name() => StagedBlocksAreDroppedAsync(
        store => store.DeleteAsync("a"));

    private async Task StagedBlocksAreDroppedAsync(Func<IObjectStore, Task> act)
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");
        await store.StageBlockAsync("a", Id(1), Bytes(10, 1));
        await act(store);

        var before = await store.FindAsync("a");
        Task<ObjectProperties> Commit() =>
            store.CommitBlocksAsync("a", [Staged(1)], new WriteOptions());
        if (Shortcomings.HasFlag(StoreShortcomings.StagedBlocksOutliveTheObject))
        {
            // The weaker statement: what may be committed is what was staged, never other bytes.
            await Commit();
            Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
            return;
        }

        await Assert.ThrowsAsync<OvertakenException>(Commit);
        Assert.Equal(before?.ETag, (await store.FindAsync("a"))?.ETag);
    }

    [Fact]
    public async Task Committed_blocks_end_with_their_object()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));
        await store.DeleteAsync("a");

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Kept(1)], new WriteOptions()));
        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task An_id_of_another_length_than_those_staged_is_refused()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Bytes(10));

        await Assert.ThrowsAsync<StoreRefusedException>(() => store.StageBlockAsync(
            "a", Convert.ToBase64String(new byte[5]), Bytes(10)));
        await store.StageBlockAsync("b", Convert.ToBase64String(new byte[5]), Bytes(10));
    }

    [Fact]
    public async Task What_is_no_block_id_is_refused()
    {
        var store = await OpenAsync();
        foreach (var id in new[] { "", "not base 64!", Convert.ToBase64String(new byte[65]) })
        {
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.StageBlockAsync("a", id, Bytes(10)));
        }
    }

    [Fact]
    public async Task An_id_of_64_bytes_may_hold_any_bytes()
    {
        var store = await OpenAsync();
        var id = Convert.ToBase64String([.. Enumerable.Range(190, 64).Select(n => (byte)n)]);
        await store.StageBlockAsync("a", id, Bytes(10));
        await store.CommitBlocksAsync("a", [new BlockReference(id, false)], new WriteOptions());

        Assert.Equal(id, Assert.Single(await store.GetBlocksAsync("a")).Id);
        await store.CommitBlocksAsync("a", [new BlockReference(id, true)], new WriteOptions());
        Assert.Equal(Bytes(10), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_block_of_no_bytes_is_refused()
    {
        var store = await OpenAsync();
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.StageBlockAsync("a", Id(1), Array.Empty<byte>()));
    }

    [Fact]
    public async Task A_large_object_reads_back_and_is_patched_in_place()
    {
        var store = await OpenAsync();
        var blocks = Enumerable.Range(1, 20).Select(seed => Bytes(1 << 20, seed)).ToArray();
        var first = await CommitAsync(store, "large", blocks);
        Assert.Equal(20L << 20, first.LengthBytes);
        Assert.Equal(Joined(blocks), await ContentAsync(store, "large"));

        blocks[7] = Bytes(500_000, 99);
        await store.StageBlockAsync("large", Id(99), blocks[7]);
        var list = Enumerable.Range(1, 20).Select(n => n == 8 ? Staged(99) : Kept(n)).ToArray();
        await store.CommitBlocksAsync("large", list, WriteOptions.Replace(first.ETag));
        Assert.Equal(Joined(blocks), await ContentAsync(store, "large"));
    }

    [Fact]
    public async Task Many_patches_of_one_object_leave_what_was_last_written()
    {
        var store = await OpenAsync();
        var model = Enumerable.Range(1, 8).ToDictionary(n => n, n => Bytes(3000, n));
        var order = Enumerable.Range(1, 8).ToArray();
        var etag = (await CommitAsync(store, "a", [.. model.Values])).ETag;
        var random = new Random(4711);
        for (var round = 0; round < 40; round++)
        {
            var slot = random.Next(8);
            var fresh = 100 + round;
            model[fresh] = Bytes(random.Next(1, 6000), fresh);
            await store.StageBlockAsync("a", Id(fresh), model[fresh]);
            order[slot] = fresh;
            etag = (await store.CommitBlocksAsync(
                "a", [.. order.Select(n => n == fresh ? Staged(n) : Kept(n))],
                WriteOptions.Replace(etag))).ETag;
            Assert.Equal(
                Joined([.. order.Select(n => model[n])]), await ContentAsync(store, "a"));
        }
    }

    [Fact]
    public async Task Many_blocks_are_committed_in_one_list()
    {
        var store = await OpenAsync();
        for (var number = 1; number <= 300; number++)
            await store.StageBlockAsync("a", Id(number), Bytes(100, number));
        await store.CommitBlocksAsync(
            "a", [.. Enumerable.Range(1, 300).Reverse().Select(Staged)], new WriteOptions());

        Assert.Equal(
            Joined([.. Enumerable.Range(1, 300).Reverse().Select(n => Bytes(100, n))]),
            await ContentAsync(store, "a"));
        Assert.Equal(300, (await store.GetBlocksAsync("a")).Count);
    }
}
