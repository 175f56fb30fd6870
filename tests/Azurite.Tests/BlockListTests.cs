using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>That commits mean Committed and Uncommitted, and repeat metadata and tier.</summary>
public sealed class BlockListTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    private static readonly Dictionary<string, string> Metadata =
        new(StringComparer.Ordinal) { ["operation"] = "000000000007", ["kind"] = "base" };

    [Fact]
    public async Task Bytes_restaged_under_a_committed_id_are_not_swapped_in()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("base", Id(1), Text("first "));
        var first = await store.CommitBlocksAsync("base", [Staged(1)], WriteOptions.Create());
        await store.StageBlockAsync("base", Id(1), Text("late "));
        await store.StageBlockAsync("base", Id(2), Text("second"));
        var second = await store.CommitBlocksAsync(
            "base", [Kept(1), Staged(2)], WriteOptions.Replace(first.ETag));

        Assert.Equal("first second", await ReadTextAsync(store, "base"));
        Assert.Equal(12, second.LengthBytes);
    }

    [Fact]
    public async Task The_sdk_itself_would_have_swapped_them_in()
    {
        // Holds the reason for a request of our own: should this fail one day, the SDK will do.
        var container = new BlobContainerClient(Azurite.First, Azurite.NewContainer());
        await container.CreateAsync();
        var blob = container.GetBlockBlobClient("base");
        await blob.StageBlockAsync(Id(1), new MemoryStream(Text("first")));
        await blob.CommitBlockListAsync([Id(1)]);
        await blob.StageBlockAsync(Id(1), new MemoryStream(Text("late")));
        await blob.CommitBlockListAsync([Id(1)]);

        var content = await blob.DownloadContentAsync();
        Assert.Equal("late", content.Value.Content.ToString());
    }

    [Fact]
    public async Task A_staged_block_does_not_stand_for_a_committed_one()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("base", Id(1), Text("x"));

        await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("base", [Kept(1)], new WriteOptions()));
    }

    [Fact]
    public async Task A_committed_block_does_not_stand_for_a_staged_one()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("base", Id(1), Text("x"));
        await store.CommitBlocksAsync("base", [Staged(1)], WriteOptions.Create());

        var error = await Assert.ThrowsAsync<OvertakenException>(
            () => store.CommitBlocksAsync("base", [Staged(1)], new WriteOptions()));
        Assert.Contains("not there", error.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_carries_metadata_and_tier_and_drops_what_it_does_not_repeat()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("base", Id(1), Text("x"));
        var first = await store.CommitBlocksAsync(
            "base", [Staged(1)],
            WriteOptions.Create(StorageTier.Cool) with { Metadata = Metadata });
        var found = await store.FindAsync("base");
        Assert.Equal(StorageTier.Cool, found!.Tier);
        Assert.Equivalent(Metadata, found.Metadata, strict: true);
        Assert.Equal(found.ETag, first.ETag);
        Assert.Equal(found.Modified, first.Modified);

        await store.CommitBlocksAsync("base", [Kept(1)], WriteOptions.Replace(first.ETag));
        found = await store.FindAsync("base");
        Assert.Equal(StorageTier.Hot, found!.Tier);
        Assert.Empty(found.Metadata);
    }

    [Fact]
    public async Task A_list_of_50000_blocks_is_committed_and_told()
    {
        const int Count = 50_000;
        var store = await OpenAsync();
        await store.StageBlockAsync("base", Id(1), Text("0123456789"));
        var one = await store.CommitBlocksAsync("base", [Staged(1)], WriteOptions.Create());
        var many = await store.CommitBlocksAsync(
            "base", [.. Enumerable.Repeat(Kept(1), Count)], WriteOptions.Replace(one.ETag));

        Assert.Equal(Count * 10, many.LengthBytes);
        var told = await store.GetBlocksAsync("base");
        Assert.Equal(Count, told.Count);
        Assert.All(told, block => Assert.Equal(new CommittedBlock(Id(1), 10), block));
    }

    [Fact]
    public async Task Ids_with_every_letter_of_base_64_go_in_as_they_are()
    {
        var store = await OpenAsync();
        const int Seed = 20;
        var random = new Random(Seed);
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var id = new byte[40];
            random.NextBytes(id);
            ids.Add(Convert.ToBase64String(id));
            await store.StageBlockAsync("base", ids[^1], SHA256.HashData(id));
        }

        Assert.Contains(ids, id => id.Contains('+') && id.Contains('/') && id.EndsWith('='));
        await store.CommitBlocksAsync(
            "base", [.. ids.Select(id => new BlockReference(id, false))], WriteOptions.Create());
        var told = await store.GetBlocksAsync("base");
        Assert.Equal(ids, told.Select(block => block.Id), StringComparer.Ordinal);
    }
}
