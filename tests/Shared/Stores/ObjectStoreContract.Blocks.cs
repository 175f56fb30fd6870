using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Staged blocks, block lists and their commits.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_commit_makes_the_concatenation_of_its_blocks()
    {
        var store = await OpenAsync();
        var done = await CommitAsync(store, "a", Bytes(10, 1), Bytes(2000, 2), Bytes(1, 3));

        var whole = Joined(Bytes(10, 1), Bytes(2000, 2), Bytes(1, 3));
        Assert.Equal(2011, done.LengthBytes);
        Assert.Equal(whole, await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task The_order_of_the_list_counts_not_that_of_staging()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(2), Bytes(20, 2));
        await store.StageBlockAsync("a", Id(1), Bytes(10, 1));
        await store.CommitBlocksAsync("a", [Staged(1), Staged(2)], WriteOptions.Create());

        Assert.Equal(Joined(Bytes(10, 1), Bytes(20, 2)), await ContentAsync(store, "a"));
        Assert.Equal(
            [new CommittedBlock(Id(1), 10), new CommittedBlock(Id(2), 20)],
            await store.GetBlocksAsync("a"));
    }

    [Fact]
    public async Task Staging_makes_no_object()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Bytes(10));

        Assert.Null(await store.FindAsync("a"));
        Assert.Empty(await NamesAsync(store, ""));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.ReadWholeAsync("a", 100));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetBlocksAsync("a"));
        Assert.False(await store.DeleteAsync("a"));
    }

    [Fact]
    public async Task Staging_over_an_object_changes_nothing_a_reader_sees()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(10, 1), Bytes(10, 2));
        await store.StageBlockAsync("a", Id(1), Bytes(30, 3));
        await store.StageBlockAsync("a", Id(9), Bytes(30, 4));

        Assert.Equal(first.ETag, (await FoundAsync(store, "a")).ETag);
        Assert.Equal(
            Joined(Bytes(10, 1), Bytes(10, 2)), await ContentAsync(store, "a"));
        Assert.Equal(2, (await store.GetBlocksAsync("a")).Count);
    }

    [Fact]
    public async Task Committed_blocks_are_kept_beside_new_ones()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(10, 1), Bytes(20, 2), Bytes(30, 3));
        await store.StageBlockAsync("a", Id(4), Bytes(15, 4));
        await store.CommitBlocksAsync(
            "a", [Kept(3), Staged(4), Kept(1)], WriteOptions.Replace(first.ETag));

        var whole = Joined(Bytes(30, 3), Bytes(15, 4), Bytes(10, 1));
        Assert.Equal(whole, await ContentAsync(store, "a"));
        Assert.Equal(
            [Id(3), Id(4), Id(1)], (await store.GetBlocksAsync("a")).Select(block => block.Id));
    }

    [Fact]
    public async Task A_committed_block_that_a_commit_does_not_name_is_gone()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10, 1), Bytes(20, 2));
        var second = await store.CommitBlocksAsync("a", [Kept(1)], new WriteOptions());

        await Assert.ThrowsAsync<OvertakenException>(() => store.CommitBlocksAsync(
            "a", [Kept(1), Kept(2)], WriteOptions.Replace(second.ETag)));
        Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_commit_drops_every_staged_block_it_does_not_name()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Bytes(10, 1));
        await store.StageBlockAsync("a", Id(2), Bytes(10, 2));
        await store.CommitBlocksAsync("a", [Staged(1)], new WriteOptions());

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Kept(1), Staged(2)], new WriteOptions()));
        Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_committed_block_is_staged_no_more()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Staged(1)], new WriteOptions()));
    }

    [Fact]
    public async Task A_staged_block_is_not_committed_yet()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));
        await store.StageBlockAsync("a", Id(2), Bytes(10));

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Kept(1), Kept(2)], new WriteOptions()));
        await store.CommitBlocksAsync("a", [Kept(1), Staged(2)], new WriteOptions());
    }

    [Fact]
    public async Task An_id_staged_over_a_committed_one_is_told_apart_by_the_reference()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10, 1), Bytes(10, 2));
        await store.StageBlockAsync("a", Id(1), Bytes(12, 3));
        await store.CommitBlocksAsync("a", [Kept(1), Kept(2)], new WriteOptions());
        Assert.Equal(Joined(Bytes(10, 1), Bytes(10, 2)), await ContentAsync(store, "a"));

        await store.StageBlockAsync("a", Id(1), Bytes(12, 3));
        await store.CommitBlocksAsync("a", [Staged(1), Kept(2)], new WriteOptions());
        Assert.Equal(Joined(Bytes(12, 3), Bytes(10, 2)), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task Of_one_id_staged_twice_the_last_is_committed()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Bytes(10, 1));
        await store.StageBlockAsync("a", Id(1), Bytes(25, 2));
        await store.CommitBlocksAsync("a", [Staged(1)], new WriteOptions());

        Assert.Equal(Bytes(25, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_commit_that_names_a_block_never_staged_is_overtaken_and_changes_nothing()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(10, 1));
        await store.StageBlockAsync("a", Id(2), Bytes(10, 2));

        await Assert.ThrowsAsync<OvertakenException>(() => store.CommitBlocksAsync(
            "a", [Kept(1), Staged(2), Staged(3)], WriteOptions.Replace(first.ETag)));
        Assert.Equal(first.ETag, (await FoundAsync(store, "a")).ETag);

        // A commit that failed has dropped nothing, so the caller may stage the rest and go on.
        await store.StageBlockAsync("a", Id(3), Bytes(10, 3));
        await store.CommitBlocksAsync(
            "a", [Kept(1), Staged(2), Staged(3)], WriteOptions.Replace(first.ETag));
        Assert.Equal(30, (await FoundAsync(store, "a")).LengthBytes);
    }

    [Fact]
    public async Task A_commit_over_an_older_etag_is_overtaken_and_changes_nothing()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(10, 1));
        var second = await store.CommitBlocksAsync("a", [Kept(1)], WriteOptions.Replace(first.ETag));
        await store.StageBlockAsync("a", Id(2), Bytes(10, 2));

        await Assert.ThrowsAsync<OvertakenException>(() => store.CommitBlocksAsync(
            "a", [Kept(1), Staged(2)], WriteOptions.Replace(first.ETag)));
        Assert.Equal(second.ETag, (await FoundAsync(store, "a")).ETag);
        Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_commit_that_must_create_is_overtaken_by_an_object()
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");
        await store.StageBlockAsync("a", Id(1), Bytes(10));

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create()));
        Assert.Equal(1, (await FoundAsync(store, "a")).LengthBytes);
    }

    [Fact]
    public async Task A_recommit_of_the_same_list_changes_only_the_etag()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(10, 1), Bytes(20, 2));
        var second = await store.CommitBlocksAsync(
            "a", [Kept(1), Kept(2)], WriteOptions.Replace(first.ETag));

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(Joined(Bytes(10, 1), Bytes(20, 2)), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_commit_of_no_blocks_makes_an_object_of_no_bytes()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));
        await store.CommitBlocksAsync("a", [], new WriteOptions());

        Assert.Empty(await ContentAsync(store, "a"));
        Assert.Empty(await store.GetBlocksAsync("a"));
    }

    [Fact]
    public async Task Blocks_of_several_names_do_not_mix()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Bytes(10, 1));
        await store.StageBlockAsync("a/b", Id(1), Bytes(20, 2));
        await store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create());
        await store.CommitBlocksAsync("a/b", [Staged(1)], WriteOptions.Create());

        Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
        Assert.Equal(Bytes(20, 2), await ContentAsync(store, "a/b"));
    }
}
