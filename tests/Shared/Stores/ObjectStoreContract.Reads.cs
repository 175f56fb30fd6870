using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Reads, their conditions and limits; deletes.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_range_may_begin_and_end_in_any_block()
    {
        var store = await OpenAsync();
        byte[][] blocks = [Bytes(1000, 1), Bytes(1, 2), Bytes(500, 3), Bytes(2000, 4)];
        await CommitAsync(store, "a", blocks);
        var whole = Joined(blocks);

        foreach (var (offset, length) in new[]
            { (0, 1), (999, 3), (1000, 1), (1001, 500), (500, 2500), (3500, 1), (0, 3501) })
        {
            var read = new byte[length];
            await store.ReadAsync("a", offset, read);
            Assert.Equal(whole[offset..(offset + length)], read);
        }
    }

    [Fact]
    public async Task A_range_of_a_put_object_is_read()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10_000), new WriteOptions());
        var read = new byte[77];
        await store.ReadAsync("a", 9923, read);

        Assert.Equal(Bytes(10_000)[9923..], read);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_refused()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(100), Bytes(100));

        foreach (var (offset, length) in new[] { (0, 201), (199, 2), (200, 1), (5000, 10) })
        {
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.ReadAsync("a", offset, new byte[length]));
        }

        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.ReadAsync("a", -1, new byte[1]));
    }

    [Fact]
    public async Task A_range_of_an_object_of_no_bytes_is_refused()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Array.Empty<byte>(), new WriteOptions());

        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.ReadAsync("a", 0, new byte[1]));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var store = await OpenAsync();
        Assert.Null(await store.FindAsync("a"));
        await Assert.ThrowsAsync<ObjectNotFoundException>(
            () => store.ReadAsync("a", 0, new byte[1]));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.ReadWholeAsync("a", 1));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetBlocksAsync("a"));
        await Assert.ThrowsAsync<ObjectNotFoundException>(
            () => store.SetTierAsync("a", StorageTier.Cool));
    }

    [Fact]
    public async Task A_read_with_the_standing_etag_returns_its_bytes()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(100));
        var read = new byte[50];
        await store.ReadAsync("a", 50, read, first.ETag);

        Assert.Equal(Bytes(100)[50..], read);
    }

    [Fact]
    public async Task A_read_with_an_older_etag_is_overtaken()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(100));
        await store.ReadAsync("a", 0, new byte[100], first.ETag);
        await store.CommitBlocksAsync("a", [Kept(1)], new WriteOptions());

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.ReadAsync("a", 0, new byte[100], first.ETag));
    }

    [Fact]
    public async Task A_read_with_the_etag_of_an_object_gone_fails()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, "a", Bytes(100));
        await store.ReadAsync("a", 0, new byte[100], first.ETag);
        await store.DeleteAsync("a");
        var error = await Record.ExceptionAsync(
            () => store.ReadAsync("a", 0, new byte[100], first.ETag));
        Assert.True(error is OvertakenException or ObjectNotFoundException, $"{error}");

        await CommitAsync(store, "a", Bytes(100));
        await Assert.ThrowsAsync<OvertakenException>(
            () => store.ReadAsync("a", 0, new byte[100], first.ETag));
    }

    [Fact]
    public async Task A_whole_read_longer_than_its_limit_is_refused()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(100), new WriteOptions());

        Assert.Equal(100, (await store.ReadWholeAsync("a", 100)).Content.Length);
        await Assert.ThrowsAsync<StoreRefusedException>(() => store.ReadWholeAsync("a", 99));
    }

    [Fact]
    public async Task A_delete_removes_the_object()
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");
        await CommitAsync(store, "b", Bytes(10));

        Assert.True(await store.DeleteAsync("a"));
        Assert.True(await store.DeleteAsync("b"));
        Assert.False(await store.DeleteAsync("a"));
        Assert.Null(await store.FindAsync("a"));
        Assert.Empty(await NamesAsync(store, ""));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.ReadWholeAsync("b", 10));
    }

    [Fact]
    public async Task A_delete_with_an_older_etag_is_overtaken()
    {
        var store = await OpenAsync();
        var first = await PutSmallAsync(store, "a");
        var second = await PutSmallAsync(store, "a");

        await Assert.ThrowsAsync<OvertakenException>(() => store.DeleteAsync("a", first.ETag));
        Assert.NotNull(await store.FindAsync("a"));
        Assert.True(await store.DeleteAsync("a", second.ETag));
        Assert.False(await store.DeleteAsync("a", second.ETag));
    }

    [Fact]
    public async Task A_name_can_be_made_again_after_its_delete()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(100, 1));
        await store.DeleteAsync("a");
        await store.PutAsync("a", Bytes(10, 2), WriteOptions.Create());
        Assert.Equal(Bytes(10, 2), await ContentAsync(store, "a"));
        await store.DeleteAsync("a");
        await store.StageBlockAsync("a", Id(1), Bytes(30, 3));
        await store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create());

        Assert.Equal(Bytes(30, 3), await ContentAsync(store, "a"));
    }
}
