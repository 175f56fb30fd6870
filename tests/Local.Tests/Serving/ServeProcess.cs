using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary><c>serve</c> as a process of its own, on a free port, and a client for it.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _events = new();
    private readonly StringBuilder _log = new();
    private readonly Task _reading;
    private readonly Task _logging;

    private ServeProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync(process.StandardOutput, _events.Enqueue);
        _logging = ReadAsync(process.StandardError, line =>
        {
            lock (_log) _log.AppendLine(line);
        });
    }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; } = new();

    /// <summary>What it wrote to standard error.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>What it told.</summary>
    public string[] Events => [.. _events];

    /// <summary>Starts it over a bench's store, and waits until it listens.</summary>
    public static async Task<ServeProcess> StartAsync(
        CommandBench bench, IReadOnlyList<string>? options = null, string? key = null)
    {
        var serve = new ServeProcess(bench.Start(
            ["serve", "--json", .. options ?? ["--listen", "127.0.0.1:0"]],
            key is null ? null : ("SNAPSHOTS_KEY", key)));
        string? heard = null;
        await Waiting.UntilAsync(() =>
        {
            heard = serve.Events.FirstOrDefault(
                e => e.Contains("\"listening\"", StringComparison.Ordinal));
            return heard is not null || serve._process.HasExited;
        });
        Assert.True(heard is not null, serve.Log);
        serve.Client.BaseAddress = new Uri(
            JsonNode.Parse(heard)!["message"]!.GetValue<string>()
                .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        if (key is not null)
        {
            serve.Client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Bearer", key);
        }
        return serve;
    }

    /// <summary>Kills it as the system would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>Sends SIGTERM, waits, and tells its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await EndedAsync();
        return _process.ExitCode;
    }

    /// <summary>Starts a job and tells its id.</summary>
    public async Task<string> StartJobAsync(string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 202, $"POST {path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    /// <summary>A job's document.</summary>
    public Task<JsonElement> JobAsync(string id) =>
        Client.GetFromJsonAsync<JsonElement>($"/api/jobs/{id}");

    /// <summary>Waits for a job's end and tells its document.</summary>
    public async Task<JsonElement> EndOfAsync(string id)
    {
        JsonElement job = default;
        await Waiting.UntilAsync(async () =>
        {
            job = await JobAsync(id);
            return job.TryGetProperty("ended", out _);
        });
        return job;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        Client.Dispose();
        _process.Dispose();
    }

    private async Task EndedAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        await _logging;
    }

    private static async Task ReadAsync(StreamReader from, Action<string> take)
    {
        while (await from.ReadLineAsync() is { } line) take(line);
    }
}
