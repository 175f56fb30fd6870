using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Puts, their conditions, and what they leave behind.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_put_object_reads_back_with_the_properties_it_answered()
    {
        var store = await OpenAsync();
        var content = Bytes(5000);
        var put = await store.PutAsync("a/b", content, WriteOptions.Create());

        var (read, properties) = await store.ReadWholeAsync("a/b", 5000);
        Assert.Equal(content, read);
        Assert.Equal(put.ETag, properties.ETag);
        Assert.Equal("a/b", properties.Name);
        Assert.Equal(5000, put.LengthBytes);
        Assert.Equal(5000, properties.LengthBytes);
        Assert.Equal(put.ETag, (await FoundAsync(store, "a/b")).ETag);
    }

    [Fact]
    public async Task An_object_of_no_bytes_is_an_object()
    {
        var store = await OpenAsync();
        await store.PutAsync("empty", Array.Empty<byte>(), WriteOptions.Create());

        Assert.Empty(await ContentAsync(store, "empty"));
        Assert.Equal(0, (await FoundAsync(store, "empty")).LengthBytes);
        await store.ReadAsync("empty", 0, Memory<byte>.Empty);
        Assert.Equal(["empty"], await NamesAsync(store, ""));
    }

    [Fact]
    public async Task A_put_without_a_condition_replaces_what_stands()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(100, 1), new WriteOptions());
        await store.PutAsync("a", Bytes(50, 2), new WriteOptions());

        Assert.Equal(Bytes(50, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_create_over_an_object_is_overtaken_and_changes_nothing()
    {
        var store = await OpenAsync();
        var first = await store.PutAsync("a", Bytes(10, 1), WriteOptions.Create());

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.PutAsync("a", Bytes(10, 2), WriteOptions.Create()));
        Assert.Equal(Bytes(10, 1), await ContentAsync(store, "a"));
        Assert.Equal(first.ETag, (await FoundAsync(store, "a")).ETag);
    }

    [Fact]
    public async Task A_replace_with_the_standing_etag_wins()
    {
        var store = await OpenAsync();
        var first = await store.PutAsync("a", Bytes(10, 1), WriteOptions.Create());
        var second = await store.PutAsync("a", Bytes(20, 2), WriteOptions.Replace(first.ETag));

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(Bytes(20, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_replace_with_an_older_etag_is_overtaken_and_changes_nothing()
    {
        var store = await OpenAsync();
        var first = await store.PutAsync("a", Bytes(10, 1), WriteOptions.Create());
        await store.PutAsync("a", Bytes(10, 2), WriteOptions.Replace(first.ETag));

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.PutAsync("a", Bytes(10, 3), WriteOptions.Replace(first.ETag)));
        Assert.Equal(Bytes(10, 2), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_replace_of_an_object_that_is_gone_is_overtaken()
    {
        var store = await OpenAsync();
        var first = await PutSmallAsync(store, "a");
        await store.DeleteAsync("a");

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.PutAsync("a", Bytes(10), WriteOptions.Replace(first.ETag)));
        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task The_same_bytes_written_again_have_another_etag()
    {
        var store = await OpenAsync();
        var first = await PutSmallAsync(store, "a");
        var second = await PutSmallAsync(store, "a");

        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact]
    public async Task An_etag_never_comes_back_after_delete_and_create()
    {
        var store = await OpenAsync();
        HashSet<string> seen = [];
        for (var round = 0; round < 20; round++)
        {
            Assert.True(seen.Add((await PutSmallAsync(store, "a")).ETag));
            Assert.True(seen.Add((await CommitAsync(store, "a", [1])).ETag));
            Assert.True(await store.DeleteAsync("a"));
        }
    }

    [Fact]
    public async Task Each_write_replaces_the_metadata()
    {
        var store = await OpenAsync();
        var both = new Dictionary<string, string> { ["kind"] = "base", ["op7"] = "12, of 13" };
        await store.PutAsync("a", Bytes(1), new WriteOptions(Metadata: both));
        var first = await FoundAsync(store, "a");
        Assert.Equal(both, first.Metadata.ToDictionary());

        await store.PutAsync(
            "a", Bytes(1), new WriteOptions(Metadata: new Dictionary<string, string> { ["x"] = "1" }));
        Assert.Equal("1", Assert.Single((await FoundAsync(store, "a")).Metadata).Value);

        await CommitAsync(store, "a", [1]);
        Assert.Empty((await FoundAsync(store, "a")).Metadata);
    }

    [Fact]
    public async Task A_commit_keeps_the_metadata_it_was_given()
    {
        var store = await OpenAsync();
        var metadata = new Dictionary<string, string> { ["operation"] = "000000000012" };
        await store.StageBlockAsync("a", Id(1), Bytes(9));
        await store.CommitBlocksAsync("a", [Staged(1)], new WriteOptions(Metadata: metadata));

        Assert.Equal(metadata, (await FoundAsync(store, "a")).Metadata.ToDictionary());
        Assert.Equal(
            metadata, (await store.ReadWholeAsync("a", 9)).Properties.Metadata.ToDictionary());
    }

    [Fact]
    public async Task Metadata_that_not_every_store_can_keep_is_refused()
    {
        var store = await OpenAsync();
        foreach (var (key, value) in new[] { ("Upper", "x"), ("a-b", "x"), ("ok", "ä"), ("", "x") })
        {
            var metadata = new Dictionary<string, string> { [key] = value };
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.PutAsync("a", Bytes(1), new WriteOptions(Metadata: metadata)));
        }

        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task A_put_longer_than_64_MiB_is_refused()
    {
        var store = await OpenAsync();
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.PutAsync("a", new byte[(64 << 20) + 1], WriteOptions.Create()));
        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task A_write_that_must_create_and_replace_is_refused()
    {
        var store = await OpenAsync();
        var first = await PutSmallAsync(store, "a");
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.PutAsync("a", Bytes(1), new WriteOptions(first.ETag, IfAbsent: true)));
    }

    [Fact]
    public async Task The_store_does_not_keep_the_callers_memory()
    {
        var store = await OpenAsync();
        var mine = Bytes(100);
        await store.PutAsync("put", mine, new WriteOptions());
        await store.StageBlockAsync("block", Id(1), mine);
        Array.Clear(mine);
        await store.CommitBlocksAsync("block", [Staged(1)], new WriteOptions());

        Assert.Equal(Bytes(100), await ContentAsync(store, "put"));
        Assert.Equal(Bytes(100), await ContentAsync(store, "block"));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var cancelled = source.Token;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.PutAsync("b", Bytes(1), new WriteOptions(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.StageBlockAsync("c", Id(1), Bytes(1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.DeleteAsync("a", cancellation: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.ReadAsync("a", 0, new byte[1], cancellation: cancelled));
        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("c", [Staged(1)], new WriteOptions()));
        Assert.Equal(["a"], await NamesAsync(store, ""));
    }

    [Fact]
    public async Task The_time_of_a_write_moves_on()
    {
        var store = await OpenAsync();
        var first = await PutSmallAsync(store, "a");
        var second = await PutSmallAsync(store, "a");

        Assert.True(second.Modified >= first.Modified);
        Assert.NotEqual(default, first.Modified);
    }
}
