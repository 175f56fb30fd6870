using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary>What <c>serve</c> refuses, and how its parts go together.</summary>
public sealed class ServeProcessTests : IDisposable
{
    private const string Key = "a-key-of-more-than-24-characters";

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("--listen", "0.0.0.0:0")]
    [InlineData("--listen", "*:0")]
    [InlineData("--listen", "[::]:0")]
    [InlineData("--listen", "127.0.0.1:0", "--listen", "10.1.2.3:0")]
    [InlineData("--listen", "0.0.0.0:0", "--public")]
    public async Task An_address_that_others_reach_needs_a_word_and_a_key(params string[] options)
    {
        var outcome = await _bench.RunAsync(["serve", "--json", .. options]);

        Assert.Equal(ExitCodes.Refused, outcome.Exit);
        Assert.Contains("refused-listen-public", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_the_word_opens_nothing_to_others()
    {
        await File.WriteAllTextAsync(_bench["key"], Key);
        var outcome = await _bench.RunAsync(
            "serve", "--listen", "0.0.0.0:0", "--key-file", _bench["key"]);

        Assert.Equal(ExitCodes.Refused, outcome.Exit);
        Assert.DoesNotContain(Key, outcome.Error + outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a key that has spaces between its words")]
    [InlineData("")]
    public async Task A_key_that_is_no_good_is_refused_and_not_shown(string key)
    {
        await File.WriteAllTextAsync(_bench["key"], key);
        var outcome = await _bench.RunAsync(
            "serve", "--json", "--listen", "127.0.0.1:0", "--key-file", _bench["key"]);

        Assert.Equal(ExitCodes.Refused, outcome.Exit);
        Assert.Contains("refused-key", outcome.Text, StringComparison.Ordinal);
        if (key.Length > 0)
            Assert.DoesNotContain(key, outcome.Error + outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen", "8250")]
    [InlineData("--listen", "127.1:8250")]
    [InlineData("--listen", "example.org:80")]
    [InlineData("--listen", "127.0.0.1:65536")]
    [InlineData("--listen", "none", "--listen", "127.0.0.1:0")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "0", "--listen", "127.0.0.1:0")]
    public async Task Addresses_that_are_none_are_wrong_usage(params string[] options) =>
        Assert.Equal(ExitCodes.Usage, (await _bench.RunAsync(["serve", .. options])).Exit);

    [Fact]
    public async Task A_second_process_on_the_same_state_is_refused_and_told_of_the_first()
    {
        await using var first = await ServeProcess.StartAsync(_bench);
        var second = await _bench.RunAsync("serve", "--json", "--listen", "127.0.0.1:0");

        Assert.Equal(ExitCodes.Refused, second.Exit);
        Assert.Contains("refused-state-taken", second.Text, StringComparison.Ordinal);
        Assert.Contains("process ", second.Error, StringComparison.Ordinal);
        await first.KillAsync();
        await using var third = await ServeProcess.StartAsync(_bench);
        Assert.Equal(ExitCodes.Ok, await third.StopAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_with_advice()
    {
        await using var first = await ServeProcess.StartAsync(_bench);
        var second = await _bench.RunAsync(
            "serve", "--json", "--port", $"{first.Client.BaseAddress!.Port}", "--state", _bench["b"]);

        Assert.Equal(ExitCodes.Refused, second.Exit);
        Assert.Contains("refused-listen", second.Text, StringComparison.Ordinal);
        Assert.Contains("--listen", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_key_everything_but_health_asks_for_it_and_no_line_holds_it()
    {
        await using var serve = await ServeProcess.StartAsync(
            _bench, ["--listen", "*:0", "--public"], Key);
        using var stranger = new HttpClient { BaseAddress = serve.Client.BaseAddress };
        using var functions = new HttpClient { BaseAddress = serve.Client.BaseAddress };
        functions.DefaultRequestHeaders.Add("x-functions-key", Key);
        using var wrong = new HttpClient { BaseAddress = serve.Client.BaseAddress };
        wrong.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}x");

        Assert.Equal(HttpStatusCode.OK, (await serve.Client.GetAsync("/api/machines")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await functions.GetAsync("/api/machines")).StatusCode);
        foreach (var client in new[] { stranger, wrong })
        {
            foreach (var path in new[] { "/api/machines", "/api/openapi.json", "/nowhere" })
            {
                var refused = await client.GetAsync($"{path}?code={Key}");
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
                Assert.Equal(
                    "application/problem+json", refused.Content.Headers.ContentType!.MediaType);
            }
        }
        var hidden = await stranger.GetFromJsonAsync<JsonElement>("/healthz");
        var shown = await serve.Client.GetFromJsonAsync<JsonElement>("/healthz");
        Assert.Equal(ExitCodes.Ok, await serve.StopAsync());

        Assert.Equal("ok", hidden.GetProperty("status").GetString());
        Assert.False(hidden.TryGetProperty("jobs", out _));
        Assert.Equal(JsonValueKind.Array, shown.GetProperty("jobs").ValueKind);
        // By its key: times and traces may have the same digits.
        var lines = serve.Log.Split('\n')
            .Where(l => l.Contains("\"id\":7301,", StringComparison.Ordinal));
        Assert.Equal(8, lines.Count());
        Assert.DoesNotContain(Key, serve.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(serve.Events, e => e.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Uploads_of_the_folder_and_jobs_of_the_API_take_turns_at_one_machine()
    {
        await _bench.IngestDemoAsync("web", 1);
        await using var serve = await ServeProcess.StartAsync(_bench);
        var (jobs, last) = (0, "");
        for (var i = 1; i < CommandBench.Images.Count; i++)
        {
            var folder = Path.Combine(_bench.Store, "incoming", "web", $"snap-{i}");
            Directory.CreateDirectory(folder);
            File.Copy(CommandBench.Images[i].Path, Path.Combine(folder, "disk0.qcow2"));
            File.SetLastWriteTimeUtc(Path.Combine(folder, "disk0.qcow2"), DateTime.UtcNow);
            // There is always a job at the machine and one that waits: the upload must queue.
            last = await ConsolidateAsync(serve, 1);
            await Waiting.UntilAsync(async () =>
            {
                var before = last;
                last = await ConsolidateAsync(serve, 1 + (++jobs % i));
                await CheckAsync(before);
                return !Directory.Exists(folder);
            });
        }
        await CheckAsync(last);
        Assert.Equal(ExitCodes.Ok, await serve.StopAsync());
        for (var i = 0; i < CommandBench.Images.Count; i++)
        {
            var image = CommandBench.Images[i];
            Assert.Equal(
                image.RawHash.ToString(),
                await _bench.HashAsync("web", $"{i + 1}", image.SizeBytes));
        }

        // At once: the host keeps the newest that have ended, and a quick one ends hundreds here.
        async Task CheckAsync(string job)
        {
            var ended = await serve.EndOfAsync(job);
            Assert.True(
                ended.GetProperty("state").GetString() == "completed", $"{ended}\n{serve.Log}");
        }
    }

    private static Task<string> ConsolidateAsync(ServeProcess serve, int version) =>
        serve.StartJobAsync("/api/machines/web/consolidate", new { @base = version });
}
