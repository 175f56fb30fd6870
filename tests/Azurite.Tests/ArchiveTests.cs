using Azure.Core;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>Archived blobs, as Azurite answers for them and as only the service does.</summary>
public sealed class ArchiveTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Fact]
    public async Task The_service_answers_reads_of_an_archived_blob_as_archived()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Text("0123"), WriteOptions.Create(StorageTier.Archive));

        var error = await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.ReadAsync("a", 0, new byte[2]));
        Assert.False(error.Rehydrating);
        var answer = Assert.IsType<Azure.RequestFailedException>(error.InnerException);
        Assert.Equal("BlobArchived", answer.ErrorCode);
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.ReadWholeAsync("a", 10));
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.ReadAsync("a", 0, default));
    }

    [Fact]
    public async Task Properties_and_deletion_of_an_archived_blob_stay_available()
    {
        var store = await OpenAsync();
        await store.PutAsync("a", Text("0123"), WriteOptions.Create(StorageTier.Archive));

        Assert.Equal(StorageTier.Archive, (await store.FindAsync("a"))!.Tier);
        await foreach (var found in store.ListAsync("a"))
            Assert.Equal((StorageTier.Archive, 4L), (found.Tier, found.LengthBytes));
        Assert.True(await store.DeleteAsync("a"));
    }

    [Fact]
    public async Task A_commit_that_keeps_archived_blocks_does_not_bring_the_blob_back()
    {
        var store = await OpenAsync();
        await store.StageBlockAsync("a", Id(1), Text("0123"));
        await store.CommitBlocksAsync("a", [Staged(1)], WriteOptions.Create());
        await store.SetTierAsync("a", StorageTier.Archive);
        await store.StageBlockAsync("a", Id(2), Text("4567"));

        await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.CommitBlocksAsync("a", [Kept(1), Staged(2)], new WriteOptions()));
        Assert.Equal(StorageTier.Archive, (await store.FindAsync("a"))!.Tier);
    }

    [Theory]
    [InlineData("rehydrate-pending-to-hot", StorageTier.Hot)]
    [InlineData("rehydrate-pending-to-cool", StorageTier.Cool)]
    [InlineData("rehydrate-pending-to-cold", StorageTier.Cold)]
    public async Task A_rehydration_under_way_tells_where_it_leads(string status, StorageTier tier)
    {
        // Azurite rehydrates at once, so the service's answers are made up here.
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = request => request.Method == RequestMethod.Head
            ? new FakeAnswer(200)
            {
                ["ETag"] = "\"0x1\"",
                ["Content-Length"] = "4",
                ["Last-Modified"] = "Sun, 01 Nov 2026 00:00:00 GMT",
                ["x-ms-access-tier"] = "Archive",
                ["x-ms-archive-status"] = status,
            }
            : new FakeAnswer(409, "BlobBeingRehydrated");

        var found = await store.FindAsync("a");
        Assert.Equal((StorageTier.Archive, tier), (found!.Tier, found.RehydratingTo));
        var error = await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.ReadWholeAsync("a", 10));
        Assert.True(error.Rehydrating);

        // Asked again, as a repeated step does: on its way there already. Elsewhere is refused.
        await store.SetTierAsync("a", tier);
        var other = tier == StorageTier.Hot ? StorageTier.Cool : StorageTier.Hot;
        await Assert.ThrowsAsync<ObjectArchivedException>(() => store.SetTierAsync("a", other));
    }

    [Theory]
    [InlineData(RehydrationPriority.Standard, "Standard")]
    [InlineData(RehydrationPriority.High, "High")]
    public async Task A_rehydration_is_asked_for_with_its_priority(
        RehydrationPriority priority, string word)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        string? asked = null;
        transport.Instead = request =>
        {
            asked = request.Headers.TryGetValue("x-ms-rehydrate-priority", out var value)
                ? value : null;
            return new FakeAnswer(202);
        };

        await store.SetTierAsync("a", StorageTier.Cool, priority);
        Assert.Equal(word, asked);
        await store.SetTierAsync("a", StorageTier.Cool);
        Assert.Null(asked);
    }

    [Fact]
    public async Task A_listing_tells_where_a_rehydration_leads()
    {
        const string Listing =
            """
            <?xml version="1.0" encoding="utf-8"?>
            <EnumerationResults ServiceEndpoint="http://127.0.0.1/" ContainerName="c"><Blobs><Blob>
            <Name>a</Name><Properties><Etag>0x1</Etag><Content-Length>4</Content-Length>
            <Last-Modified>Sun, 01 Nov 2026 00:00:00 GMT</Last-Modified>
            <BlobType>BlockBlob</BlobType><AccessTier>Archive</AccessTier>
            <ArchiveStatus>rehydrate-pending-to-cold</ArchiveStatus></Properties>
            <Metadata><kind>delta</kind></Metadata></Blob></Blobs><NextMarker />
            </EnumerationResults>
            """;
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = static _ => new FakeAnswer(200)
        {
            ["Content-Type"] = "application/xml",
            ContentStream = new MemoryStream(Text(Listing)),
        };

        var found = new List<ObjectProperties>();
        await foreach (var item in store.ListAsync(""))
            found.Add(item);
        var only = Assert.Single(found);
        Assert.Equal(
            (StorageTier.Archive, StorageTier.Cold, "0x1"),
            (only.Tier, only.RehydratingTo, only.ETag));
        Assert.Equal("delta", only.Metadata["kind"]);
    }
}
