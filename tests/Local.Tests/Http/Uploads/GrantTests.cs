using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Ports;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

/// <summary>A host that takes no bytes itself.</summary>
public sealed class GrantTests
{
    [Theory]
    [InlineData(0L, false)]
    [InlineData(null, false)]
    [InlineData(1000L, true)]
    public async Task The_same_call_without_a_body_or_awaiting_leave_hands_out_a_url(
        long? length, bool expects)
    {
        var answer = await PutAsync(length, expects);

        Assert.Equal(200, answer.Response.StatusCode);
        Assert.Equal("no-store", answer.Response.Headers.CacheControl);
        var grant = JsonDocument.Parse(Body(answer)).RootElement;
        Assert.Equal(
            "https://store.example/web/a/disk0.qcow2?sig=s", grant.GetProperty("url").GetString());
        Assert.Equal("PUT", grant.GetProperty("method").GetString());
        Assert.Equal(
            "BlockBlob", grant.GetProperty("headers").GetProperty("x-ms-blob-type").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_sent_to_it_are_refused_and_not_lost_in_silence()
    {
        var answer = await PutAsync(1000, expects: false);

        Assert.Equal(409, answer.Response.StatusCode);
        Assert.Equal(
            "refused-upload-direct",
            JsonDocument.Parse(Body(answer)).RootElement.GetProperty("code").GetString());
    }

    private static async Task<HttpContext> PutAsync(long? length, bool expects)
    {
        await using var bench = await UploadBench.OpenAsync();
        var api = new Api(new ApiServices(
            bench.Engine.Services, bench.Jobs, new GrantingUploads(), n => n, new ApiOptions(),
            NullLogger.Instance));
        var context = new DefaultHttpContext();
        context.Request.Method = "PUT";
        context.Request.QueryString = new QueryString("?format=qcow2");
        context.Request.ContentLength = length;
        if (expects) context.Request.Headers.Expect = "100-continue";
        context.Request.RouteValues["machine"] = "web";
        context.Request.RouteValues["snapshot"] = "a";
        context.Request.RouteValues["disk"] = "disk0";
        context.Response.Body = new MemoryStream();
        await api.HandleAsync("UploadDisk", context);
        return context;
    }

    private static byte[] Body(HttpContext context) => ((MemoryStream)context.Response.Body).ToArray();

    private sealed class GrantingUploads : IUploads
    {
        public bool TakesBytes => false;

        public Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation) =>
            Task.FromResult(new UploadGrant(
                new Uri(
                    $"https://store.example/{file.Machine}/{file.Snapshot}/{file.Name}.{file.Format}"
                    + "?sig=s"),
                "PUT",
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["x-ms-blob-type"] = "BlockBlob",
                },
                DateTimeOffset.UnixEpoch));

        public Task<UploadStatus?> FindAsync(
            string machine, string snapshot, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<UploadedFileStatus> WriteAsync(
            UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> DropAsync(UploadFile file, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<JobStatus> CompleteAsync(
            string machine, string snapshot, UploadClosing closing, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> AbandonAsync(
            string machine, string snapshot, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
