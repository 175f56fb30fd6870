using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Http;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Serving;
using SnapshotFunctions.Local.Serving.Logs;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.Local.Serving.Web;
using SnapshotFunctions.LocalTests.Commands;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary>The web host in this process, over a store in a temporary folder.</summary>
internal sealed class WebBench : IAsyncDisposable
{
    private readonly SharedLog _log = new();
    private LocalEngine _engine = null!;
    private StateFolder _state = null!;
    private LineLoggerProvider _logs = null!;
    private WebHost _web = null!;

    public CommandBench Commands { get; } = new();

    public ServeMetrics Metrics { get; } = new();

    public LocalJobs Jobs { get; private set; } = null!;

    public LocalEngine Engine => _engine;

    public Api Api { get; private set; } = null!;

    public HttpClient Client { get; } = new();

    public ConcurrentQueue<string> Resumed { get; } = new();

    public string Log => _log.ToString();

    public static async Task<WebBench> StartAsync(
        WebLimits? limits = null, AccessKey? key = null, LocalJobsOptions? options = null,
        int demoVersions = 0)
    {
        var bench = new WebBench();
        await bench.Commands.IngestDemoAsync("web", demoVersions);
        var store = await StoreSetting.Parse(bench.Commands.Store)
            .OpenAsync(create: true, TimeProvider.System, default);
        bench._logs = new LineLoggerProvider(
            bench._log, json: true, LogLevel.Information, TimeProvider.System);
        bench._engine = new LocalEngine(
            store, TimeProvider.System, bench._logs.CreateLogger("Runner"), bench.Metrics);
        bench._state = StateFolder.Open(bench.Commands["state"], TimeProvider.System);
        bench.Jobs = new LocalJobs(
            bench._engine, bench._engine.ReadingOver(bench._state.Journal),
            options ?? new LocalJobsOptions(), job => bench.Resumed.Enqueue(job.Job.InstanceId),
            bench._logs.CreateLogger("Jobs"));
        var incoming = bench.Commands["incoming"];
        var uploads = new FolderUploads(
            bench._engine, incoming, new Quarantine(bench.Commands["quarantine"]),
            (_, _) => Task.CompletedTask, () => { }, new FolderUploadOptions());
        var restores = new RestoreFolder(bench.Commands["restored"]);
        restores.Prepare();
        var services = new ApiServices(
            bench._engine.Services, bench.Jobs, uploads, restores.FileOf, new ApiOptions(),
            bench._logs.CreateLogger("Api"));
        bench._web = await WebHost.StartAsync(
            new WebSetting([new IPEndPoint(IPAddress.Loopback, 0)], isPublic: false, key)
            {
                Limits = limits ?? new WebLimits(),
            },
            bench.Api = new Api(services), services, bench.Metrics, bench._logs, default);
        bench.Client.BaseAddress = bench._web.Addresses.Single();
        return bench;
    }

    /// <summary>Sends bytes as they are and reads the answer until the host closes.</summary>
    public async Task<string> SendRawAsync(string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (IOException)
        {
            // The host had read enough.
        }
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read)
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Closed without a word.
        }
        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await Jobs.DisposeAsync();
        _state.Dispose();
        _engine.Dispose();
        _logs.Dispose();
        Metrics.Dispose();
        Client.Dispose();
        await _log.DisposeAsync();
        Commands.Dispose();
    }

    /// <summary>Lines of many threads, read while more come: a plain writer may throw then.</summary>
    private sealed class SharedLog : StringWriter
    {
        private readonly Lock _lock = new();

        public override void WriteLine(string? value)
        {
            lock (_lock) base.WriteLine(value);
        }

        public override string ToString()
        {
            lock (_lock) return base.ToString();
        }
    }
}
