using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Copies within a store, also of what is archived.</content>
public abstract partial class ObjectStoreContract
{
    [Theory]
    [InlineData(StorageTier.Hot)]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Cold)]
    public async Task A_copy_of_an_object_online_can_be_read_at_once(StorageTier tier)
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(400_000, 1), Bytes(20, 2), Bytes(70_000, 3));
        var copy = await store.CopyAsync("a", "copies/a", new CopyOptions(tier));

        Assert.Equal(("copies/a", 470_020, tier), (copy.Name, copy.LengthBytes, copy.Tier));
        var found = await FoundAsync(store, "copies/a");
        Assert.Equal((copy.ETag, tier, null), (found.ETag, found.Tier, found.RehydratingTo));
        Assert.Equal(
            Joined(Bytes(400_000, 1), Bytes(20, 2), Bytes(70_000, 3)),
            await ContentAsync(store, "copies/a"));
        var part = new byte[30];
        await store.ReadAsync("copies/a", 399_990, part);
        Assert.Equal(Joined(Bytes(400_000, 1)[399_990..], Bytes(20, 2)), part);
        Assert.Equal([("copies/a")], await NamesAsync(store, "copies/"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(700_000)]
    public async Task A_copy_of_what_one_put_wrote_lives_on_without_it(int length)
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(length), new WriteOptions());
        await store.CopyAsync("a", "b", new CopyOptions());
        await store.PutAsync("a", Bytes(5, 9), new WriteOptions());
        await store.DeleteAsync("a");

        Assert.Equal(Bytes(length), await ContentAsync(store, "b"));
        Assert.Empty(await store.GetBlocksAsync("b"));
    }

    [Fact]
    public async Task A_copy_has_metadata_of_its_own_and_names_its_source()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions(
            Metadata: new Dictionary<string, string> { ["kind"] = "dat" }));
        await store.CopyAsync("a", "b", new CopyOptions(
            Metadata: new Dictionary<string, string> { ["job"] = "j-1" }));

        var found = await FoundAsync(store, "b");
        Assert.Equal("j-1", found.Metadata["job"]);
        Assert.Equal("a", found.Metadata[CopyOptions.SourceName]);
        Assert.DoesNotContain("kind", found.Metadata.Keys);
    }

    [Theory]
    [InlineData(StorageTier.Hot, RehydrationPriority.Standard)]
    [InlineData(StorageTier.Cool, RehydrationPriority.High)]
    public async Task A_copy_of_an_archived_object_can_be_read_once_it_is_online(
        StorageTier tier, RehydrationPriority priority)
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(300_000, 1), Bytes(10, 2));
        await store.SetTierAsync("a", StorageTier.Archive);
        var begun = await store.CopyAsync("a", "b", new CopyOptions(tier, priority));
        if (begun.Tier == StorageTier.Archive)
        {
            Assert.Equal(tier, begun.RehydratingTo);
            var error = await Assert.ThrowsAsync<ObjectArchivedException>(
                () => store.ReadAsync("b", 0, new byte[1]));
            Assert.True(error.Rehydrating);
            await Assert.ThrowsAsync<ObjectArchivedException>(() => store.ReadWholeAsync("b", 400_000));
        }

        await PassRehydrationAsync();
        var online = await FoundAsync(store, "b");
        Assert.Equal(
            (300_010, tier, null), (online.LengthBytes, online.Tier, online.RehydratingTo));
        Assert.Equal(Joined(Bytes(300_000, 1), Bytes(10, 2)), await ContentAsync(store, "b"));
        Assert.Equal((StorageTier.Archive, null), (
            (await FoundAsync(store, "a")).Tier, (await FoundAsync(store, "a")).RehydratingTo));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_is_there_or_under_way_is_not_begun_again(bool archived)
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions());
        if (archived) await store.SetTierAsync("a", StorageTier.Archive);
        await store.CopyAsync("a", "b", new CopyOptions());
        var first = await FoundAsync(store, "b");
        await store.CopyAsync("a", "b", new CopyOptions());
        Assert.Equal(first.ETag, (await FoundAsync(store, "b")).ETag);
        await PassRehydrationAsync();
        var again = await store.CopyAsync("a", "b", new CopyOptions(StorageTier.Cool));

        Assert.Equal((first.ETag, StorageTier.Hot), (again.ETag, again.Tier));
        Assert.Equal(Bytes(10), await ContentAsync(store, "b"));
    }

    [Fact]
    public async Task Of_many_who_begin_one_copy_all_find_the_same()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions(Tier: StorageTier.Archive));
        var copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => store.CopyAsync("a", "b", new CopyOptions()))));
        await PassRehydrationAsync();

        Assert.Single(copies.Select(c => c.ETag).Distinct());
        Assert.Equal(Bytes(10), await ContentAsync(store, "b"));
    }

    [Fact]
    public async Task A_copy_never_replaces_another_object()
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");
        await store.PutAsync("b", Bytes(10), new WriteOptions());
        await PutSmallAsync(store, "c");
        await store.CopyAsync("c", "d", new CopyOptions());

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CopyAsync("a", "b", new CopyOptions()));
        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CopyAsync("a", "d", new CopyOptions()));
        Assert.Equal(Bytes(10), await ContentAsync(store, "b"));
    }

    [Theory]
    [InlineData(StorageTier.Hot)]
    [InlineData(StorageTier.Archive)]
    public async Task A_copy_can_be_deleted_at_any_time_and_made_again(StorageTier tier)
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(400_000), new WriteOptions(Tier: tier));
        var first = await store.CopyAsync("a", "b", new CopyOptions());
        Assert.True(await store.DeleteAsync("b"));
        Assert.Null(await store.FindAsync("b"));
        Assert.False(await store.DeleteAsync("b"));
        Assert.Equal(tier, (await FoundAsync(store, "a")).Tier);
        var second = await store.CopyAsync("a", "b", new CopyOptions());
        await PassRehydrationAsync();

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(Bytes(400_000), await ContentAsync(store, "b"));
    }

    [Fact]
    public async Task There_is_no_copy_of_nothing_nor_onto_itself_nor_to_the_archive()
    {
        var store = await OpenAsync();
        await PutSmallAsync(store, "a");

        var error = await Assert.ThrowsAsync<ObjectNotFoundException>(
            () => store.CopyAsync("none", "b", new CopyOptions()));
        Assert.Equal("none", error.ObjectName);
        Assert.Null(await store.FindAsync("b"));
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.CopyAsync("a", "a", new CopyOptions()));
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.CopyAsync("a", "b", new CopyOptions(StorageTier.Archive)));
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => store.CopyAsync("a", "../b", new CopyOptions()));
    }
}
