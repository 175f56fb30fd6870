using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Tiers, the archive and the way back from it.</content>
public abstract partial class ObjectStoreContract
{
    [Theory]
    [InlineData(StorageTier.Hot)]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Cold)]
    [InlineData(StorageTier.Archive)]
    public async Task A_put_and_a_commit_write_to_the_tier_they_name(StorageTier tier)
    {
        var store = await OpenAsync();
        var put = await store.PutAsync("put", Bytes(10), new WriteOptions(Tier: tier));
        await store.StageBlockAsync("commit", Id(1), Bytes(10));
        var commit = await store.CommitBlocksAsync(
            "commit", [Staged(1)], new WriteOptions(Tier: tier));

        Assert.Equal((tier, tier), (put.Tier, commit.Tier));
        foreach (var name in new[] { "put", "commit" })
        {
            var found = await FoundAsync(store, name);
            Assert.Equal((tier, null), (found.Tier, found.RehydratingTo));
        }
    }

    [Theory]
    [InlineData(StorageTier.Hot)]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Cold)]
    [InlineData(StorageTier.Archive)]
    public async Task An_object_moves_to_another_tier(StorageTier tier)
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10), Bytes(20));
        await store.SetTierAsync("a", tier);

        var found = await FoundAsync(store, "a");
        Assert.Equal((tier, null), (found.Tier, found.RehydratingTo));
        Assert.Equal(30, found.LengthBytes);
        if (tier != StorageTier.Archive)
            Assert.Equal(Joined(Bytes(10), Bytes(20)), await ContentAsync(store, "a"));
    }

    [Fact]
    public async Task A_write_without_a_tier_of_its_own_can_be_read()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions(Tier: StorageTier.Default));

        Assert.Equal(Bytes(10), await ContentAsync(store, "a"));
        Assert.True((await FoundAsync(store, "a")).Tier is StorageTier.Default or StorageTier.Hot);
    }

    [Fact]
    public async Task Each_write_replaces_the_tier()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions(Tier: StorageTier.Cold));
        await store.PutAsync("a", Bytes(10), new WriteOptions(Tier: StorageTier.Cool));
        Assert.Equal(StorageTier.Cool, (await FoundAsync(store, "a")).Tier);
        await CommitAsync(store, "a", Bytes(10));

        Assert.Equal(StorageTier.Hot, (await FoundAsync(store, "a")).Tier);
    }

    [Fact]
    public async Task An_archived_object_refuses_reads_and_still_tells_of_itself()
    {
        var store = await OpenAsync();
        var metadata = new Dictionary<string, string> { ["kind"] = "dat" };
        await store.PutAsync(
            "a", Bytes(10), new WriteOptions(Tier: StorageTier.Archive, Metadata: metadata));

        await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.ReadAsync("a", 0, new byte[10]));
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.ReadWholeAsync("a", 10));
        var found = await FoundAsync(store, "a");
        Assert.Equal((10, StorageTier.Archive), (found.LengthBytes, found.Tier));
        Assert.Equal(metadata, found.Metadata.ToDictionary());
        Assert.Equal(["a"], await NamesAsync(store, ""));
    }

    [Fact]
    public async Task An_object_archived_after_it_was_read_refuses_reads()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10));
        await store.ReadAsync("a", 0, new byte[10]);
        await store.SetTierAsync("a", StorageTier.Archive);

        await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.ReadAsync("a", 0, new byte[10]));
    }

    [Fact]
    public async Task An_archived_object_can_be_deleted()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Bytes(10), new WriteOptions(Tier: StorageTier.Archive));

        Assert.True(await store.DeleteAsync("a"));
        Assert.Null(await store.FindAsync("a"));
    }

    [Fact]
    public async Task An_archived_object_refuses_a_commit_that_keeps_its_blocks()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10, 1));
        await store.SetTierAsync("a", StorageTier.Archive);
        var archived = await FoundAsync(store, "a");
        var error = await Record.ExceptionAsync(async () =>
        {
            // The service may refuse the staging already; the commit is refused at the latest.
            await store.StageBlockAsync("a", Id(2), Bytes(10, 2));
            await store.CommitBlocksAsync(
                "a", [Kept(1), Staged(2)], WriteOptions.Replace(archived.ETag));
        });

        if (Shortcomings.HasFlag(StoreShortcomings.CommitsOverTheArchive) && error is null)
        {
            Assert.Equal(Joined(Bytes(10, 1), Bytes(10, 2)), await ContentAsync(store, "a"));
            return;
        }

        Assert.IsType<ObjectArchivedException>(error);
        Assert.Equal(10, (await FoundAsync(store, "a")).LengthBytes);
    }

    [Theory]
    [InlineData(StorageTier.Hot)]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Cold)]
    public async Task A_rehydrated_object_reads_back(StorageTier tier)
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10, 1), Bytes(10, 2));
        await store.SetTierAsync("a", StorageTier.Archive);
        await store.SetTierAsync("a", tier);
        var asked = await FoundAsync(store, "a");
        if (asked.Tier == StorageTier.Archive)
        {
            Assert.Equal(tier, asked.RehydratingTo);
            var error = await Assert.ThrowsAsync<ObjectArchivedException>(
                () => store.ReadWholeAsync("a", 20));
            Assert.True(error.Rehydrating);
        }

        await PassRehydrationAsync();
        var online = await FoundAsync(store, "a");
        Assert.Equal((tier, null), (online.Tier, online.RehydratingTo));
        Assert.Equal(Joined(Bytes(10, 1), Bytes(10, 2)), await ContentAsync(store, "a"));
        Assert.Equal(2, (await store.GetBlocksAsync("a")).Count);
    }

    [Fact]
    public async Task A_rehydrated_object_can_be_patched()
    {
        var store = await OpenAsync();
        await CommitAsync(store, "a", Bytes(10, 1));
        await store.SetTierAsync("a", StorageTier.Archive);
        await store.SetTierAsync("a", StorageTier.Hot);
        await PassRehydrationAsync();
        var online = await FoundAsync(store, "a");
        await store.StageBlockAsync("a", Id(2), Bytes(10, 2));
        await store.CommitBlocksAsync(
            "a", [Kept(1), Staged(2)], WriteOptions.Replace(online.ETag));

        Assert.Equal(Joined(Bytes(10, 1), Bytes(10, 2)), await ContentAsync(store, "a"));
    }
}
