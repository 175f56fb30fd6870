using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Uploads;

/// <summary>Uploads as blobs: how they are listed, read under their ETag, removed, put aside.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class UploadTests : IAsyncLifetime
{
    private readonly AzuriteFixture _azurite;
    private readonly BlobAccount _account;
    private readonly BlobContainerClient _incoming;
    private readonly BlobContainerClient _quarantine;
    private BlobUploads _uploads = null!;
    private BlobSourceOpener _sources = null!;

    public UploadTests(AzuriteFixture azurite)
    {
        _azurite = azurite;
        _account = BlobAccount.Open(azurite.First);
        _incoming = new BlobContainerClient(azurite.First, azurite.NewContainer());
        _quarantine = new BlobContainerClient(azurite.First, azurite.NewContainer());
    }

    public async Task InitializeAsync()
    {
        _uploads = await BlobUploads.OpenAsync(_account, _incoming.Name, _quarantine.Name);
        _sources = await BlobSourceOpener.OpenAsync(_account, _incoming.Name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_disk_that_came_by_leave_waits_for_its_note_and_leaves_no_mark_behind()
    {
        var direct = await DirectUploads.OpenAsync(_azurite.First, _incoming.Name);
        await direct.GrantAsync("web", "v1", "disk0.raw");
        Assert.Empty(await ListAsync("web"));
        await PutAsync("web/v1/disk0.raw");
        Assert.False(Assert.Single(await ListAsync("web")).IsWhole);
        Assert.Equal("disk0.raw", Assert.Single(await direct.ListAsync("web", "v1")).Name);

        Assert.True(await direct.BindAsync("web", "v1", "{}"u8.ToArray()));
        var whole = Assert.Single(await ListAsync("web"));
        Assert.True(whole.IsWhole);
        await _uploads.RemoveAsync(whole);
        Assert.Empty(_incoming.GetBlobs());

        await direct.GrantAsync("web", "v2", "disk0.raw");
        await PutAsync("web/v2/disk0.raw");
        Assert.True(await direct.RemoveAsync("web", "v2"));
        Assert.Empty(_incoming.GetBlobs());

        await direct.GrantAsync("web", "v3", "disk0.raw");
        await PutAsync("web/v3/disk0.raw");
        await _uploads.PutAsideAsync(
            Assert.Single(await ListAsync("web")), new QuarantineReason("code", "why", default));
        Assert.Empty(_incoming.GetBlobs());
    }

    [Fact]
    public async Task A_receipt_outlives_the_upload_and_is_no_upload_itself()
    {
        var direct = await DirectUploads.OpenAsync(_azurite.First, _incoming.Name);
        Assert.Null(await direct.FindReceiptAsync("web", "v1"));
        await direct.KeepReceiptAsync("web", "v1", "one"u8.ToArray());
        await direct.KeepReceiptAsync("web", "v1", "two"u8.ToArray());
        Assert.Equal("two"u8.ToArray(), await direct.FindReceiptAsync("web", "v1"));
        Assert.Empty(await ListAsync(null));
        Assert.Empty(await direct.ListAsync("web", "v1"));
    }

    [Fact]
    public async Task Blobs_of_one_snapshot_are_one_upload_and_others_strays()
    {
        foreach (var name in new[]
        {
            "web/v1/disk0.qcow2", "web/v1/snapshot.json", "web/v2/disk0.raw", "web/stray.raw",
            "web", "web2/v1/disk0.raw", "web/v1/deep/er.raw",
        })
            await PutAsync(name);

        var mine = await ListAsync("web");

        Assert.Equal(
            ["web", "web/stray.raw", "web/v1/", "web/v2/"],
            mine.Select(u => u.Path).Order(StringComparer.Ordinal));
        var first = mine.Single(u => u.Path == "web/v1/");
        Assert.Equal(["deep/er.raw", "disk0.qcow2", "snapshot.json"], first.Files.Select(f => f.Name));
        Assert.True(first.Files[0].IsLink);
        Assert.True(first.HasNote);
        Assert.All(mine.Where(u => u.Snapshot is null), u => Assert.True(u.IsWhole));
        Assert.Contains(await ListAsync(null), u => u.Machine == "web2");
        Assert.Empty(await ListAsync("we"));
    }

    [Fact]
    public async Task Another_state_of_a_blob_is_another_mark_and_the_old_one_is_not_read()
    {
        await PutAsync("web/v1/disk0.raw", "first");
        var before = (await ListAsync("web"))[0];
        await using var open = await _sources.OpenAsync(before.Files[0].Source, null, default);
        var bytes = new byte[5];
        await open.ReadAsync(0, bytes);
        Assert.Equal("first", System.Text.Encoding.ASCII.GetString(bytes));
        Assert.Equal("disk0.raw", open.Name);

        await PutAsync("web/v1/disk0.raw", "other");

        Assert.NotEqual(before.Mark, (await ListAsync("web"))[0].Mark);
        foreach (var read in new Func<Task>[]
        {
            () => open.ReadAsync(0, bytes).AsTask(),
            () => _sources.OpenAsync(before.Files[0].Source, null, default).AsTask(),
            () => _sources.OpenAsync("web/v1/disk0.raw", open.Identity, default).AsTask(),
        })
            Assert.Equal("changed", (await Assert.ThrowsAsync<InvalidImageException>(read)).Reason);
        await _sources.OpenAsync("web/v1/disk0.raw", null, default);
    }

    [Fact]
    public async Task What_is_gone_is_told_from_what_has_changed()
    {
        var error = await Assert.ThrowsAsync<InvalidImageException>(
            () => _sources.OpenAsync("web/v1/none.raw", null, default).AsTask());
        Assert.Equal("gone", error.Reason);
        Assert.False(IntakeRules.IsForGood(error.Code));
    }

    [Fact]
    public async Task Removing_leaves_what_was_uploaded_since()
    {
        await PutAsync("web/v1/disk0.raw");
        await PutAsync("web/v1/disk1.raw");
        var seen = (await ListAsync("web"))[0];
        await PutAsync("web/v1/disk1.raw", "newer");
        await _uploads.RemoveAsync(seen);
        await _uploads.RemoveAsync(seen);
        Assert.Equal(["disk1.raw"], (await ListAsync("web"))[0].Files.Select(f => f.Name));
    }

    [Fact]
    public async Task A_bad_upload_lies_in_quarantine_with_its_reason_and_repeating_changes_nothing()
    {
        await PutAsync("web/v1/disk0.qcow2", "bad");
        await PutAsync("web/v1/reason.json", "mine");
        var upload = (await ListAsync("web"))[0];
        var start = DateTimeOffset.UtcNow.AddMinutes(-1);
        Assert.False(await _uploads.HasPutAsideSinceAsync("web", start));
        var reason = new QuarantineReason("image-truncated", "Expected more.", start);

        var place = await _uploads.PutAsideAsync(upload, reason);
        Assert.Equal(place, await _uploads.PutAsideAsync(upload, reason));

        Assert.Equal($"{_quarantine.Name}/web/v1/", place);
        Assert.Empty(await ListAsync("web"));
        Assert.Equal(
            ["web/v1/disk0.qcow2", "web/v1/reason.json", "web/v1/reason.json.uploaded"],
            await NamesAsync());
        var told = JsonSerializer.Deserialize(
            (await _quarantine.GetBlobClient("web/v1/reason.json").DownloadContentAsync())
                .Value.Content, IntakeJson.Default.QuarantineReason);
        Assert.Equal(reason, told);
        Assert.True(await _uploads.HasPutAsideSinceAsync("web", start));
        Assert.False(await _uploads.HasPutAsideSinceAsync("we", start));
    }

    [Fact]
    public async Task A_second_bad_upload_of_a_name_keeps_the_first_and_bad_names_are_hashed()
    {
        foreach (var content in new[] { "one", "two" })
        {
            await PutAsync("web/v1/disk0.raw", content);
            await PutAsync("We b/v1/disk0.raw", content);
            foreach (var upload in await ListAsync(null))
            {
                await _uploads.PutAsideAsync(
                    upload, new QuarantineReason("refused-name", content, DateTimeOffset.UnixEpoch));
            }
        }
        var names = await NamesAsync();
        Assert.Contains("web/v1/disk0.raw", names);
        Assert.Contains("web/v1.2/disk0.raw", names);
        Assert.Equal(4, names.Count(n => n.StartsWith("unnamed-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_jobs_of_standing_uploads_are_named_by_their_state()
    {
        await PutAsync("web/b/disk0.raw");
        await PutAsync("web/two/disk0.raw");
        await PutAsync("web/two/disk1.raw");
        await PutAsync("db/a/disk0.raw");
        var jobs = await UploadJobs.FindAsync(_uploads, null, default);
        // The service tells times in whole seconds, so the order of these two is not told.
        Assert.Equal(
            ["db/a/", "web/b/"], jobs.Select(j => j.Input.Path).Order(StringComparer.Ordinal));
        Assert.Equal(jobs, await UploadJobs.FindAsync(_uploads, null, default));
        Assert.All(jobs, j => Assert.Matches("^take-(web|db)-[0-9a-f]{16}$", j.Id));
        await PutAsync("web/b/disk0.raw", "again");
        Assert.DoesNotContain(
            jobs.Single(j => j.Input.Machine == "web").Id,
            (await UploadJobs.FindAsync(_uploads, "web", default)).Select(j => j.Id));
    }

    private Task<Response<Azure.Storage.Blobs.Models.BlobContentInfo>> PutAsync(
        string name, string content = "content") =>
        _incoming.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: true);

    private async Task<List<Upload>> ListAsync(string? machine)
    {
        var found = new List<Upload>();
        await foreach (var upload in _uploads.ListAsync(machine)) found.Add(upload);
        return found;
    }

    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var item in _quarantine.GetBlobsAsync(default, default, null, default))
            names.Add(item.Name);
        return names;
    }
}
