using Azure.Core;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>
/// Copies as the service makes them, where Azurite is through at once: its answers are made up.
/// </summary>
public sealed class CopyTests(AzuriteFixture azurite) : StoreTests(azurite)
{
    [Theory]
    [InlineData(RehydrationPriority.Standard, "Standard")]
    [InlineData(RehydrationPriority.High, "High")]
    public async Task A_copy_is_asked_for_with_its_tier_its_priority_and_its_source(
        RehydrationPriority priority, string word)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        await store.PutAsync("a/b.dat", Text("0123"), WriteOptions.Create(StorageTier.Archive));
        Dictionary<string, string> asked = [];
        transport.Instead = request =>
        {
            if (request.Headers.TryGetValue("x-ms-copy-source", out _))
                asked = request.Headers.ToDictionary(h => h.Name, h => h.Value);
            return null;
        };
        await store.CopyAsync("a/b.dat", "c", new CopyOptions(StorageTier.Hot, priority));

        Assert.Equal(
            ("Hot", word, "*", "a/b.dat"),
            (asked["x-ms-access-tier"], asked["x-ms-rehydrate-priority"], asked["If-None-Match"],
                asked["x-ms-meta-copyof"]));
        Assert.EndsWith("/a/b.dat", asked["x-ms-copy-source"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_whose_bytes_are_still_being_copied_is_on_its_way()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = request => request.Method == RequestMethod.Head
            ? Copied("pending") : new FakeAnswer(416, "InvalidRange");

        var found = await store.FindAsync("c");
        Assert.Equal((StorageTier.Archive, StorageTier.Hot), (found!.Tier, found.RehydratingTo));
        var error = await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.ReadAsync("c", 0, new byte[4]));
        Assert.True(error.Rehydrating);
        var again = await store.CopyAsync("a", "c", new CopyOptions());
        Assert.Equal(StorageTier.Hot, again.RehydratingTo);
        Assert.DoesNotContain(transport.Sent, s => s.StartsWith("PUT", StringComparison.Ordinal)
            && !s.Contains("restype", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("aborted")]
    public async Task A_copy_that_the_service_gave_up_is_begun_anew_over_its_remains(string status)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        var begun = false;
        string? condition = null;
        transport.Instead = request =>
        {
            if (request.Method == RequestMethod.Head) return Copied(begun ? "success" : status);
            begun = true;
            condition = request.Headers.TryGetValue("If-Match", out var value) ? value : null;
            return new FakeAnswer(202) { ["ETag"] = "\"0x2\"", ["x-ms-copy-status"] = "success" };
        };

        Assert.Equal(
            (StorageTier.Archive, null),
            ((await store.FindAsync("c"))!.Tier, (await store.FindAsync("c"))!.RehydratingTo));
        var copy = await store.CopyAsync("a", "c", new CopyOptions());
        Assert.Equal(StorageTier.Hot, copy.Tier);
        Assert.Equal("\"0x1\"", condition);
    }

    [Fact]
    public async Task Deleting_a_blob_that_is_being_copied_ends_the_copy_first()
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        var aborted = false;
        transport.Instead = request =>
        {
            if (request.Method == RequestMethod.Head) return Copied("pending");
            if (request.Method == RequestMethod.Put)
            {
                aborted = request.Uri.Query.Contains("copyid=the-copy", StringComparison.Ordinal);
                return new FakeAnswer(204);
            }
            return aborted ? new FakeAnswer(202) : new FakeAnswer(409, "PendingCopyOperation");
        };

        Assert.True(await store.DeleteAsync("c"));
        Assert.True(aborted);
    }

    [Theory]
    [InlineData("BlobBeingRehydrated")]
    [InlineData("BlobArchived")]
    public async Task A_source_that_changes_its_tier_just_now_is_told_as_archived(string code)
    {
        var transport = new FaultyTransport();
        var store = await OpenAsync(Through(transport));
        transport.Instead = request => request.Method == RequestMethod.Head
            ? new FakeAnswer(404, "BlobNotFound") : new FakeAnswer(409, code);
        var error = await Assert.ThrowsAsync<ObjectArchivedException>(
            () => store.CopyAsync("a", "c", new CopyOptions()));
        Assert.Equal(("a", true), (error.ObjectName, error.Rehydrating));
    }

    private static FakeAnswer Copied(string status) => new(200)
    {
        ["ETag"] = "\"0x1\"",
        ["Content-Length"] = "4",
        ["Last-Modified"] = "Sun, 01 Nov 2026 00:00:00 GMT",
        ["x-ms-access-tier"] = "Hot",
        ["x-ms-copy-id"] = "the-copy",
        ["x-ms-copy-status"] = status,
        ["x-ms-meta-copyof"] = "a",
    };
}
