using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Machines;

public sealed class FileRouteTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Nvram = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    private readonly SimulatedStore _base = new(new SimulatedStoreOptions());
    private readonly SimulatedStore _delta = new(new SimulatedStoreOptions());
    private WebApplication? _host;
    private HttpClient? _client;

    private HttpClient Client => _client!;

    public async Task InitializeAsync()
    {
        var time = new ManualTimeProvider(jumps: true);
        var options = new EngineOptions { Layout = new Layout(256, 1024, 4, 4096, 16384) };
        var sources = new TinySources();
        var manifests = new ManifestStore(_base, _delta, ManifestOptions.Default, time);
        var engine = new StepServices(_base, _delta, manifests, sources, time, options);
        sources.Add("disk", new byte[4096]);
        sources.Add("nvram", Nvram);
        sources.Add("empty", []);
        var context = new PlainFlowContext(EngineParts.Flows(options), EngineParts.Steps(engine));
        await context.RunFlowAsync(
            FlowNames.Ingest,
            new IngestInput(
                "vm", [new IngestDisk("disk")],
                Files: [new("nvram", "nvram"), new("empty", "vm.xml")]));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _host = builder.Build();
        // These routes ask neither for jobs nor for uploads.
        _host.MapApi(new Api(new ApiServices(
            engine, null!, null!, name => name, new ApiOptions(), NullLogger.Instance)));
        await _host.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri($"{_host.Urls.First()}/api/") };
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    public void Dispose() => _client?.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("latest")]
    public async Task A_file_is_answered_byte_for_byte_with_its_hash_as_strong_tag(string version)
    {
        using var answer = await Client.GetAsync($"machines/vm/versions/{version}/files/nvram");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Nvram, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Hash256.Of(Nvram)}\"", answer.Headers.ETag!.ToString());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task An_empty_file_is_an_empty_answer()
    {
        using var answer = await Client.GetAsync("machines/vm/versions/1/files/vm.xml");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Head_tells_length_and_hash_and_reads_no_file()
    {
        _base.FlipByte(Assert.Single(Names(), n => n.EndsWith("-00", StringComparison.Ordinal)), 3);
        using var request = new HttpRequestMessage(
            HttpMethod.Head, "machines/vm/versions/1/files/nvram");
        using var answer = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Nvram.Length, answer.Content.Headers.ContentLength);
        Assert.Equal($"\"{Hash256.Of(Nvram)}\"", answer.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Conditions_are_held_against_the_hash()
    {
        var tag = new EntityTagHeaderValue($"\"{Hash256.Of(Nvram)}\"");
        var other = new EntityTagHeaderValue("\"other\"");
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(h => h.IfNoneMatch.Add(tag)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(h => h.IfNoneMatch.Add(other)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(h => h.IfMatch.Add(tag)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(
            h => h.IfMatch.Add(EntityTagHeaderValue.Any)));
        Assert.Equal(
            HttpStatusCode.PreconditionFailed, await StatusAsync(h => h.IfMatch.Add(other)));
    }

    [Theory]
    [InlineData("machines/vm/versions/1/files/none", HttpStatusCode.NotFound)]
    [InlineData("machines/vm/versions/9/files/nvram", HttpStatusCode.NotFound)]
    [InlineData("machines/other/versions/1/files/nvram", HttpStatusCode.NotFound)]
    [InlineData("machines/vm/versions/1/files/NVRAM", HttpStatusCode.BadRequest)]
    [InlineData("machines/vm/versions/1/files/..%2Fhead.json", HttpStatusCode.BadRequest)]
    [InlineData("machines/vm/versions/0/files/nvram", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_told_as_a_problem(string path, HttpStatusCode status)
    {
        using var answer = await Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task No_byte_of_a_damaged_file_is_answered()
    {
        _base.FlipByte(Assert.Single(Names(), n => n.EndsWith("-00", StringComparison.Ordinal)), 3);
        using var answer = await Client.GetAsync("machines/vm/versions/1/files/nvram");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(
            "corrupt-object", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private IEnumerable<string> Names() => _base.Names("machines/vm/files/");

    private async Task<HttpStatusCode> StatusAsync(Action<HttpRequestHeaders> set)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "machines/vm/versions/1/files/nvram");
        set(request.Headers);
        using var answer = await Client.SendAsync(request);
        return answer.StatusCode;
    }
}
