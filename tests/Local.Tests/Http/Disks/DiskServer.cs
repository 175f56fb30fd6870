using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>
/// A machine in simulated stores, the API over it on a real Kestrel, and a full copy of every
/// version's disk.
/// </summary>
internal sealed class DiskServer : IAsyncDisposable
{
    public const string Machine = "vm";
    public const string Disk = "disk0";

    private readonly TinySources _sources = new();
    private readonly StepServices _services;
    private readonly LocalRunner _runner;
    private WebApplication? _app;
    private int _jobs;

    /// <summary>A server that is not started.</summary>
    /// <param name="layout">The sizes; tiny ones unless given.</param>
    /// <param name="options">The API's limits.</param>
    /// <param name="time">The clock by which the API cuts slow clients off.</param>
    /// <param name="storeTime">The clock of the stores and of jobs that the API starts.</param>
    /// <param name="baseStore">Null for a simulated one.</param>
    /// <param name="deltaStore">Null for a simulated one.</param>
    public DiskServer(
        Layout? layout = null, ApiOptions? options = null, TimeProvider? time = null,
        TimeProvider? storeTime = null, IObjectStore? baseStore = null, IObjectStore? deltaStore = null)
    {
        var clock = storeTime ?? TimeProvider.System;
        Base = baseStore ?? NewStore("base", clock);
        Delta = deltaStore ?? NewStore("delta", clock);
        var engineOptions = new EngineOptions { Layout = layout ?? TinyMachine.Layout };
        StoreTime = clock;
        _services = ServicesOf(TimeProvider.System, engineOptions);
        Flow[] flows =
            [.. EngineParts.Flows(engineOptions), .. RestoreParts.Flows(engineOptions)];
        _runner = new LocalRunner(
            Base, flows, StepsOf(_services),
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, TimeProvider.System,
            NullLogger.Instance);
        Jobs = new TestJobs(new LocalRunner(
            Base, flows, StepsOf(ServicesOf(clock, engineOptions)),
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, clock,
            NullLogger.Instance));
        Services = new ApiServices(
            ServicesOf(time ?? TimeProvider.System, engineOptions), Jobs, null!, name => name,
            options ?? new ApiOptions { PieceBytes = 4096, ReadBudgetBytes = 64 << 10 },
            NullLogger.Instance);
    }

    public IObjectStore Base { get; }

    public IObjectStore Delta { get; }

    public ApiServices Services { get; }

    public TestJobs Jobs { get; }

    /// <summary>What each version's disk must be.</summary>
    public SortedDictionary<int, byte[]> Versions { get; } = [];

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>The clock of the stores and of jobs that the API starts.</summary>
    public TimeProvider StoreTime { get; }

    /// <summary>Where disks are restored to.</summary>
    public MemoryRestoreTargets Targets { get; } = new();

    public string Url(int version) => $"http://{Address}{Path(version)}";

    public static string Path(int version) =>
        Path(version.ToString(CultureInfo.InvariantCulture));

    public static string Path(string version, string disk = Disk) =>
        $"/api/machines/{Machine}/versions/{version}/disks/{disk}";

    /// <summary>A server with a version for each content, as forward incrementals.</summary>
    public static async Task<DiskServer> StartAsync(
        IEnumerable<byte[]> versions, Layout? layout = null, ApiOptions? options = null,
        TimeProvider? time = null, TimeProvider? storeTime = null)
    {
        var server = new DiskServer(layout, options, time, storeTime);
        await server.BeginAsync();
        foreach (var version in versions) await server.AddAsync(version);
        return server;
    }

    public async Task BeginAsync()
    {
        await _services.Manifests.CreateAsync(
            Machine, _services.Options.Layout,
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 1000), 600));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            // The API's own limit is what these tests are about.
            kestrel.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.MapApi(new Api(Services));
        await _app.StartAsync();
        Address = IPEndPoint.Parse(new Uri(_app.Urls.Single()).Authority);
    }

    public async Task<int> AddAsync(byte[] content)
    {
        var job = $"job-{++_jobs}";
        _sources.Add(job, content);
        var result = await RunAsync(
            FlowNames.Ingest,
            new IngestInput(Machine, [new IngestDisk(job, Disk)], null, "a label"), job);
        Versions.Add(result.Version, content);
        return result.Version;
    }

    /// <summary>
    /// Gives a version another disk that has no bytes. No image that is taken in has none; the
    /// manifest could have such a disk.
    /// </summary>
    public Task AddEmptyDiskAsync(int version) => _services.Manifests.UpdateAsync(
        Machine,
        async edit =>
        {
            var record = (await edit.FindVersionAsync(version))!;
            var empty = new VersionDisk
            {
                Name = "empty", SizeBytes = 0, Node = Hash256.Zero, Format = "raw",
                Edges = await edit.SaveTableAsync(Array.Empty<ShardEdge>()),
            };
            await edit.ReplaceVersionAsync(record with { Disks = [.. record.Disks, empty] });
        });

    public Task ConsolidateAsync(int version) => RunAsync(
        FlowNames.Consolidate, new ConsolidateInput(Machine, version), $"job-{++_jobs}");

    public async Task UndoAsync()
    {
        var result = await RunAsync(
            FlowNames.Undo, new UndoInput(Machine), $"job-{++_jobs}");
        Versions.Remove(result.Withdrawn);
    }

    /// <summary>Moves the data of deltas to the archive.</summary>
    public async Task<List<ObjectProperties>> ArchiveAsync()
    {
        var archived = new List<ObjectProperties>();
        await foreach (var found in Delta.ListAsync($"machines/{Machine}/disks/"))
            if (found.Name.EndsWith(".dat", StringComparison.Ordinal)) archived.Add(found);
        foreach (var found in archived) await Delta.SetTierAsync(found.Name, StorageTier.Archive);
        return archived;
    }

    public Task<Manifest> ManifestAsync() => _services.Manifests.LoadAsync(Machine);

    public Task<RawAnswer> GetAsync(string path, params string[] headers) =>
        RawClient.AskAsync(Address, "GET", path, headers);

    public Task<RawAnswer> AskAsync(string method, string path, params string[] headers) =>
        RawClient.AskAsync(Address, method, path, headers);

    /// <summary>Posts a JSON body.</summary>
    public async Task<(int Status, JsonElement Json)> PostAsync(string path, string body)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, json.RootElement.Clone());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private IReadOnlyList<Step> StepsOf(StepServices services) =>
        [.. EngineParts.Steps(services), .. RestoreParts.Steps(services, Targets)];

    private StepServices ServicesOf(TimeProvider time, EngineOptions options) => new(
        Base, Delta,
        new ManifestStore(Base, Delta, ManifestOptions.Default, time, isOwnerGone: _ => true),
        _sources, time, options);

    private async Task<TOut> RunAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string job)
    {
        await _runner.StartAsync(flow, input, job, Machine);
        return await _runner.RunToEndAsync(flow, job);
    }

    private static SimulatedStore NewStore(string name, TimeProvider time) =>
        new(new SimulatedStoreOptions { Clock = time, Description = name, Yields = true });
}
