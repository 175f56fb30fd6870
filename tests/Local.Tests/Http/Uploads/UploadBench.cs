using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Http;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Serving;
using SnapshotFunctions.Local.Serving.Uploading;
using Xunit;
using TestFolder = SnapshotFunctions.LocalTests.Oracle.TemporaryFolder;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

/// <summary>A host of uploads over a real Kestrel and a store in a temporary folder.</summary>
internal sealed class UploadBench : IAsyncDisposable
{
    public const string CountedHeader = "X-Counted";

    private readonly TestFolder _folder = new();
    private readonly TimeProvider _time;
    private FolderUploadOptions _options;
    private WebApplication? _app;
    private CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;
    private int _counted;

    private UploadBench(TimeProvider time, FolderUploadOptions options) =>
        (_time, _options) = (time, options);

    public LocalEngine Engine { get; private set; } = null!;

    public FolderUploads Uploads { get; private set; } = null!;

    public UploadJobs Jobs { get; private set; } = null!;

    public IncomingFolder Folder { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public int Port => Client.BaseAddress!.Port;

    /// <summary>How many requests with <see cref="CountedHeader"/> the host is done with.</summary>
    public int Counted => Volatile.Read(ref _counted);

    public static async Task<UploadBench> OpenAsync(
        TimeProvider? time = null, FolderUploadOptions? options = null)
    {
        var bench = new UploadBench(
            time ?? TimeProvider.System, options ?? new FolderUploadOptions());
        await bench.StartAsync();
        return bench;
    }

    public string this[string name] => _folder[name];

    public string Incoming(params string[] parts) =>
        Path.Combine([_folder["store"], "incoming", .. parts]);

    /// <summary>Ends the host as it stands, and starts another one over the same folder.</summary>
    public async Task RestartAsync(FolderUploadOptions? options = null)
    {
        await StopAsync();
        _options = options ?? new FolderUploadOptions();
        await StartAsync();
    }

    /// <summary>Lets the watch take in what it sees.</summary>
    public void Watch()
    {
        var quarantine = Quarantine();
        var watch = new IncomingWatch(
            Engine, Folder,
            new UploadIntake(Engine, new FolderIntake(Folder, quarantine), TimeSpan.FromMinutes(1), _ => { }),
            TimeSpan.FromMilliseconds(50));
        _watching = watch.RunAsync(_stop.Token);
    }

    public static string At(string machine, string snapshot, string rest = "") =>
        $"/api/machines/{machine}/snapshots/{snapshot}{rest}";

    public Task<HttpResponseMessage> PutAsync(string path, byte[] bytes, string? range = null) =>
        SendAsync(HttpMethod.Put, path, new ByteArrayContent(bytes), range);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? range = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (range is not null)
            Assert.True(content!.Headers.TryAddWithoutValidation("Content-Range", range));
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Sends again while the server has not seen the end of the connection before.</summary>
    public async Task<HttpResponseMessage> WhenFreeAsync(Func<Task<HttpResponseMessage>> send)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await send();
            if ((int)answer.StatusCode != 409 || tries == 400
                || await CodeAsync(answer, 409) is not "refused-upload-writer") return answer;
            answer.Dispose();
            await Task.Delay(20);
        }
    }

    /// <summary>Completes an upload, which must be taken, and tells its job.</summary>
    public async Task<string> CompleteAsync(
        string machine, string snapshot, string json = """{"disks":["disk0"]}""")
    {
        using var answer = await PostAsync(At(machine, snapshot), json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 202, text);
        var job = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
        Assert.Equal($"/api/jobs/{job}", answer.Headers.Location!.ToString());
        return job;
    }

    /// <summary>Waits until a job has ended.</summary>
    public async Task<JobStatus> EndAsync(string job)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            if (await Jobs.FindAsync(job, default) is { Ended: not null } ended) return ended;
            Assert.False(_watching.IsFaulted, $"{_watching.Exception}");
            await Task.Delay(20);
        }
        throw new InvalidOperationException($"Job {job} did not end within a minute.");
    }

    /// <summary>Waits until nothing of a snapshot lies in the watch's sight.</summary>
    public async Task ClearedAsync(string machine, string snapshot)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            if (!Directory.Exists(Incoming(machine, snapshot))) return;
            Assert.False(_watching.IsFaulted, $"{_watching.Exception}");
            await Task.Delay(20);
        }
        throw new InvalidOperationException($"{machine}/{snapshot} stayed for a minute.");
    }

    /// <summary>SHA-256 of a disk at a version.</summary>
    public async Task<string> HashAsync(string machine, int version, string disk = "disk0")
    {
        var view = await Engine.Views.OpenAsync(machine, version, disk, default);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var at = 0L; at < view.SizeBytes; at += buffer.Length)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, view.SizeBytes - at));
            await view.ReadAsync(at, piece, default);
            hash.AppendData(piece.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The numbers of a machine's versions.</summary>
    public async Task<IReadOnlyList<int>> VersionsAsync(string machine)
    {
        var numbers = new List<int>();
        if (await Engine.Manifests.FindAsync(machine) is { } manifest)
            await foreach (var version in manifest.VersionsAsync()) numbers.Add(version.Number);
        return numbers;
    }

    public static byte[] Noise(int lengthBytes, int seed)
    {
        var bytes = new byte[lengthBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The code of a problem, whose status must be this.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }

    public static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Request.Headers.ContainsKey(CountedHeader))
                Interlocked.Increment(ref _counted);
        }
    }

    private Quarantine Quarantine() => new(this["store/quarantine"]);

    private async Task StartAsync()
    {
        var store = await StoreSetting.Parse(_folder["store"]).OpenAsync(true, _time, default);
        Engine = new LocalEngine(store, _time, NullLogger.Instance);
        Folder = new IncomingFolder(Incoming());
        var quarantine = Quarantine();
        var intake = new UploadIntake(
            Engine, new FolderIntake(Folder, quarantine), TimeSpan.FromMinutes(1), _ => { });
        Uploads = new FolderUploads(
            Engine, Incoming(), quarantine, intake.CheckNewAsync, () => { }, _options);
        Jobs = new UploadJobs(new RunnerJobs(Engine), Uploads);
        var api = new Api(new ApiServices(
            Engine.Services, Jobs, Uploads, name => name, new ApiOptions(), NullLogger.Instance));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(
            o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        _app = builder.Build();
        _app.Use(CountAsync);
        _app.MapApi(api);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _stop = new CancellationTokenSource();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _watching = Task.CompletedTask;
        _stop.Dispose();
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Engine.Dispose();
    }
}
