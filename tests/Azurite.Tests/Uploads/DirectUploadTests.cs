using System.Net;
using System.Text;
using Azure;
using Azure.Core;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.AzuriteTests.Uploads;

[Collection(AzuriteCollection.Name)]
public sealed class DirectUploadTests(AzuriteFixture azurite)
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task A_leave_uploads_its_blob_in_one_request_with_what_it_names()
    {
        var uploads = await OpenAsync();
        var grant = await uploads.GrantAsync("web", "a", "disk0.qcow2");
        using var request = new HttpRequestMessage(new HttpMethod(grant.Method), grant.Url)
        {
            Content = new ByteArrayContent("image"u8.ToArray()),
        };
        foreach (var (name, value) in grant.Headers) request.Headers.Add(name, value);
        using var answer = await Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var found = Assert.Single(await uploads.ListAsync("web", "a"));
        Assert.Equal(("disk0.qcow2", 5L), (found.Name, found.LengthBytes));
        Assert.InRange(
            grant.Expires - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_leave_uploads_its_blob_in_blocks()
    {
        var uploads = await OpenAsync();
        var url = (await uploads.GrantAsync("web", "a", "disk0.raw")).Url;
        foreach (var id in new[] { "MDA=", "MDE=" })
        {
            var block = $"&comp=block&blockid={Uri.EscapeDataString(id)}";
            Assert.Equal(
                HttpStatusCode.Created, await SendAsync(HttpMethod.Put, $"{url}{block}", "12345"));
        }
        var list = "<BlockList><Latest>MDA=</Latest><Latest>MDE=</Latest></BlockList>";
        var status = await SendAsync(HttpMethod.Put, $"{url}&comp=blocklist", list);

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(10, Assert.Single(await uploads.ListAsync("web", "a")).LengthBytes);
    }

    [Fact]
    public async Task A_leave_is_good_for_nothing_else()
    {
        var uploads = await OpenAsync();
        var url = (await uploads.GrantAsync("web", "a", "disk0.raw")).Url;
        await PutAsync(uploads, "web", "b", "disk0.raw", "other");
        await PutAsync(uploads, "web", "a", "disk0.raw", "mine");
        var other = new UriBuilder(url) { Path = url.AbsolutePath.Replace("/a/", "/b/", StringComparison.Ordinal) };
        var container = new UriBuilder(url)
        {
            Path = url.AbsolutePath[..url.AbsolutePath.IndexOf("/web/", StringComparison.Ordinal)],
        };

        foreach (var (method, place, body) in new[]
        {
            (HttpMethod.Get, $"{url}", null), (HttpMethod.Head, $"{url}", null),
            (HttpMethod.Delete, $"{url}", null), (HttpMethod.Put, $"{other.Uri}", "stolen"),
            (HttpMethod.Get, $"{other.Uri}", null),
            (HttpMethod.Get, $"{container.Uri}&restype=container&comp=list", null),
            (HttpMethod.Put, $"{url}".Replace("sig=", "sig=A", StringComparison.Ordinal), "x"),
        })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(method, place, body));
        }
        Assert.Equal(5, Assert.Single(await uploads.ListAsync("web", "b")).LengthBytes);
    }

    [Fact]
    public async Task A_leave_that_has_ended_is_refused()
    {
        var uploads = await OpenAsync(TimeSpan.FromSeconds(-30));
        var url = (await uploads.GrantAsync("web", "a", "disk0.raw")).Url;
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Put, $"{url}", "late"));
    }

    [Fact]
    public async Task A_snapshot_is_bound_once_and_takes_nothing_more()
    {
        var uploads = await OpenAsync();
        await PutAsync(uploads, "web", "a", "disk0.raw", "image");
        var (note, other) = ("{\"disks\":[\"disk0\"]}"u8.ToArray(), "{}"u8.ToArray());

        Assert.True(await uploads.BindAsync("web", "a", note));
        Assert.False(await uploads.BindAsync("web", "a", note));
        await RefusedAsync("upload-taken", () => uploads.BindAsync("web", "a", other));
        await RefusedAsync("upload-taken", () => uploads.GrantAsync("web", "a", "disk1.raw"));
        await RefusedAsync("upload-taken", () => uploads.RemoveAsync("web", "a"));
        Assert.Equal(
            ["disk0.raw", "snapshot.json"],
            (await uploads.ListAsync("web", "a")).Select(b => b.Name));
    }

    [Fact]
    public async Task What_is_not_bound_can_be_removed()
    {
        var uploads = await OpenAsync();
        await PutAsync(uploads, "web", "a", "disk0.raw", "image");
        await PutAsync(uploads, "web", "a", "nvram", "image");
        await PutAsync(uploads, "web", "a-b", "disk0.raw", "image");

        Assert.True(await uploads.RemoveAsync("web", "a", "nvram"));
        Assert.False(await uploads.RemoveAsync("web", "a", "nvram"));
        Assert.True(await uploads.RemoveAsync("web", "a"));
        Assert.False(await uploads.RemoveAsync("web", "a"));
        Assert.Single(await uploads.ListAsync("web", "a-b"));
    }

    [Theory]
    [InlineData("..", "a", "disk0.raw")]
    [InlineData("web", "a/b", "disk0.raw")]
    [InlineData("web", "a", "../disk0.raw")]
    [InlineData("web", "a", "x/y")]
    [InlineData("web", "a", "snapshot.json")]
    public async Task No_leave_is_given_for_a_name_that_is_none(
        string machine, string snapshot, string file)
    {
        var uploads = await OpenAsync();
        await RefusedAsync("name", () => uploads.GrantAsync(machine, snapshot, file));
    }

    [Fact]
    public async Task The_longest_names_are_taken()
    {
        var uploads = await OpenAsync();
        var name = new string('a', 63);
        await PutAsync(uploads, name, name, $"{name}.qcow2", "image");
        Assert.Single(await uploads.ListAsync(name, name));
    }

    [Fact]
    public async Task Where_the_caller_has_an_identity_its_key_signs_and_https_is_asked_for()
    {
        var transport = new FaultyTransport { Instead = AsIdentityAsksFor };
        var uploads = await DirectUploads.OpenAsync(
            "https://account.blob.core.windows.net",
            options: new AzureStoreOptions
            {
                Transport = transport,
                Credential = DelegatedTokenCredential.Create(
                    (_, _) => new AccessToken("token", DateTimeOffset.MaxValue)),
            });
        var url = (await uploads.GrantAsync("web", "a", "disk0.raw")).Url;
        await uploads.GrantAsync("web", "a", "disk1.raw");
        var query = url.Query.TrimStart('?').Split('&')
            .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));

        Assert.Equal(
            "https://account.blob.core.windows.net/incoming/web/a/disk0.raw",
            url.GetLeftPart(UriPartial.Path));
        Assert.Equal(("cw", "https", "b"), (query["sp"], query["spr"], query["sr"]));
        Assert.Equal("00000000-0000-0000-0000-000000000001", query["skoid"]);
        Assert.InRange(
            DateTimeOffset.Parse(query["se"]) - DateTimeOffset.UtcNow,
            TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        // One key for both.
        Assert.Single(transport.Sent, s => s.Contains("userdelegationkey", StringComparison.Ordinal));
    }

    private static FakeAnswer AsIdentityAsksFor(Request request)
    {
        if (!request.Uri.Query.Contains("userdelegationkey", StringComparison.Ordinal))
        {
            // The mark of the upload is there already.
            if (request.Method == RequestMethod.Put) return new FakeAnswer(412, "ConditionNotMet");
            // The container is there, the note is not.
            return request.Uri.Query.Contains("restype=container", StringComparison.Ordinal)
                ? new FakeAnswer(200) : new FakeAnswer(404, "BlobNotFound");
        }
        var (from, to) = (DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(2));
        var key = $"""
            <?xml version="1.0" encoding="utf-8"?><UserDelegationKey>
            <SignedOid>00000000-0000-0000-0000-000000000001</SignedOid>
            <SignedTid>00000000-0000-0000-0000-000000000002</SignedTid>
            <SignedStart>{from:yyyy-MM-ddTHH:mm:ssZ}</SignedStart>
            <SignedExpiry>{to:yyyy-MM-ddTHH:mm:ssZ}</SignedExpiry>
            <SignedService>b</SignedService><SignedVersion>2025-01-05</SignedVersion>
            <Value>MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=</Value></UserDelegationKey>
            """;
        return new FakeAnswer(200)
        {
            ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(key)),
            ["Content-Type"] = "application/xml",
        };
    }

    private Task<DirectUploads> OpenAsync(TimeSpan? lifetime = null) =>
        DirectUploads.OpenAsync(azurite.First, azurite.NewContainer(), lifetime);

    private static async Task RefusedAsync(string reason, Func<Task> act) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<RefusedException>(act)).Reason);

    private static async Task PutAsync(
        DirectUploads uploads, string machine, string snapshot, string file, string text)
    {
        var url = (await uploads.GrantAsync(machine, snapshot, file)).Url;
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Put, $"{url}", text));
    }

    private static async Task<HttpStatusCode> SendAsync(HttpMethod method, string url, string? body)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
            // Blocks and their list are put without: there is no blob yet.
            if (!url.Contains("comp=block", StringComparison.Ordinal))
                request.Headers.Add("x-ms-blob-type", "BlockBlob");
        }
        using var answer = await Client.SendAsync(request);
        return answer.StatusCode;
    }
}
