using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Rigging;

/// <summary>
/// The API on a real server of this machine, over simulated stores with small sizes and a real
/// runner, and a client for it.
/// </summary>
internal sealed class ApiBench : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly TinySources _sources = new();
    private readonly EngineOptions _options;

    private ApiBench(
        ApiOptions apiOptions, ManifestOptions manifestOptions, IMachineCatalog? catalog)
    {
        _options = new EngineOptions { Layout = Layout, WindowBlocks = 3, ChunkSteps = 4 };
        var manifests = new ManifestStore(
            Base, Delta, manifestOptions, TimeProvider.System, isOwnerGone: _ => false);
        Engine = new StepServices(
            Base, Delta, manifests, _sources, TimeProvider.System, _options);
        Runner = new LocalRunner(
            Base,
            [
                .. EngineParts.Flows(_options), .. RestoreParts.Flows(_options),
                .. CheckParts.Flows(_options), .. UpkeepParts.Flows(),
            ],
            [
                .. EngineParts.Steps(Engine), .. RestoreParts.Steps(Engine, Targets),
                .. CheckParts.Steps(Engine), .. UpkeepParts.Steps(Engine),
            ],
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, TimeProvider.System,
            NullLogger.Instance);
        Jobs = new RunnerJobs(Runner);
        Api = new Api(new ApiServices(
            Engine, Jobs, new MemoryUploads(_sources, Jobs), name => $"/restored/{name}", apiOptions,
            NullLogger.Instance)
        {
            Machines = catalog,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapApi(Api);
    }

    /// <summary>Sectors of 256 bytes, blocks of 1 KiB, 4 blocks a page, shards of 16 blocks.</summary>
    public static Layout Layout { get; } = new(256, 1024, 4, 4096, 16384);

    public SimulatedStore Base { get; } = new(
        new SimulatedStoreOptions { Description = "base", Yields = true });

    public SimulatedStore Delta { get; } = new(
        new SimulatedStoreOptions { Description = "delta", Yields = true });

    public MemoryRestoreTargets Targets { get; } = new();

    public StepServices Engine { get; }

    public LocalRunner Runner { get; }

    public RunnerJobs Jobs { get; }

    public Api Api { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    });

    /// <summary>A bench whose server listens.</summary>
    public static async Task<ApiBench> StartAsync(
        ApiOptions? options = null, ManifestOptions? manifestOptions = null,
        IMachineCatalog? catalog = null)
    {
        var bench = new ApiBench(
            options ?? new ApiOptions(), manifestOptions ?? new ManifestOptions(4, 8, 4, 6),
            catalog);
        await bench._server.StartAsync();
        bench.Client.BaseAddress = new Uri(bench._server.Urls.Single());
        return bench;
    }

    /// <summary>Ingests raw images of a machine's disks as one more version.</summary>
    public Task<IngestResult> IngestAsync(
        string machine, string? label, string? snapshot,
        params (string Disk, byte[] Content)[] disks) =>
        IngestWithFileAsync(machine, label, snapshot, null, disks);

    /// <summary>The same with a machine file.</summary>
    public async Task<IngestResult> IngestWithFileAsync(
        string machine, string? label, string? snapshot, (string Name, byte[] Content)? file,
        params (string Disk, byte[] Content)[] disks)
    {
        var job = $"ingest-{machine}-{Guid.NewGuid():N}";
        foreach (var (disk, content) in disks) _sources.Add($"{job}-{disk}", content);
        var input = new IngestInput(
            machine, [.. disks.Select(d => new IngestDisk($"{job}-{d.Disk}", d.Disk))], null, label,
            snapshot, file is null ? null : [new IngestFile($"{job}-file", file.Value.Name)]);
        if (file is not null) _sources.Add($"{job}-file", file.Value.Content);
        await Runner.StartAsync(FlowNames.Ingest, input, job, machine);
        return await Runner.RunToEndAsync(FlowNames.Ingest, job);
    }

    /// <summary>Versions of a machine with one disk, each a little different.</summary>
    public async Task IngestManyAsync(string machine, int count)
    {
        var content = Content(1);
        for (var i = 1; i <= count; i++)
        {
            content[i % content.Length] ^= 0x55;
            await IngestWithFileAsync(
                machine, $"number {i}", $"snap-{i}", ("vm.conf", [1, 2, (byte)i]),
                ("disk0", content.ToArray()));
        }
    }

    /// <summary>A disk of two shards and a half.</summary>
    public static byte[] Content(int seed)
    {
        var content = new byte[40 * 1024];
        new Random(seed).NextBytes(content);
        return content;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path);

    /// <summary>The JSON object at a path, which must be there.</summary>
    public async Task<JsonObject> ReadAsync(string path)
    {
        using var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path}: {response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<HttpResponseMessage> PostAsync(string path, string? body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return Client.SendAsync(request);
    }

    /// <summary>The status and code of a problem.</summary>
    public static async Task<(int Status, string Code)> ProblemAsync(
        Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)response.StatusCode, problem["status"]!.GetValue<int>());
        return ((int)response.StatusCode, problem["code"]!.GetValue<string>());
    }

    /// <summary>Starts a job and answers its document.</summary>
    public async Task<JsonObject> StartJobAsync(string path, string? body, string? key = null)
    {
        using var response = await PostAsync(path, body, key);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, $"POST {path}: {response.StatusCode} {text}");
        var job = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(
            $"/api/jobs/{job["id"]!.GetValue<string>()}", response.Headers.Location?.OriginalString);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        return job;
    }

    /// <summary>Starts a job, waits for its end and answers its document.</summary>
    public async Task<JsonObject> RunJobAsync(string path, string? body, string? key = null)
    {
        var job = await StartJobAsync(path, body, key);
        await Jobs.SettleAsync();
        return await ReadAsync(job["links"]!["self"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        Jobs.Release();
        await Jobs.SettleAsync();
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
