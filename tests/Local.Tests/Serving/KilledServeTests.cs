using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary>Jobs that were asked for over HTTP, and a process that is killed while it runs them.</summary>
public sealed class KilledServeTests : IDisposable
{
    private const int DiskBytes = 128 << 20;

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_consolidation_goes_on_after_kill_9_and_every_version_has_its_bytes()
    {
        var (one, two) = (_bench.Noise("a.raw", DiskBytes, 41), _bench.Noise("b.raw", DiskBytes, 42));
        await _bench.OkAsync("ingest", "web", one, "--base-rule", "keep");
        await _bench.OkAsync("ingest", "web", two);
        string job;
        await using (var killed = await ServeProcess.StartAsync(_bench))
        {
            job = await killed.StartJobAsync("/api/machines/web/consolidate", new { @base = 2 });
            await Waiting.UntilAsync(() => JournalOf("base", job) >= 3);
            Assert.False((await killed.JobAsync(job)).TryGetProperty("ended", out _));
            await killed.KillAsync();
        }

        await using var serve = await ServeProcess.StartAsync(_bench);
        var ended = await serve.EndOfAsync(job);

        Assert.Equal("completed", ended.GetProperty("state").GetString());
        Assert.Equal(2, ended.GetProperty("result").GetProperty("base").GetInt32());
        await Waiting.UntilAsync(() => serve.Events.Any(
            e => e.Contains("\"resumed\"", StringComparison.Ordinal)));
        Assert.Equal(ExitCodes.Ok, await serve.StopAsync());
        foreach (var (version, path) in new[] { ("1", one), ("2", two) })
        {
            await _bench.OkAsync("restore", "web", version, "--out", _bench["out"], "--overwrite");
            Assert.True(Same(path, _bench["out"]), $"version {version}");
        }
        await _bench.OkAsync("verify", "web", "--full");
    }

    [Fact]
    public async Task A_restore_goes_on_after_kill_9_and_no_other_command_takes_it()
    {
        var path = _bench.Noise("a.raw", 3 * DiskBytes, 43);
        await _bench.OkAsync("ingest", "web", path);
        string job;
        await using (var killed = await ServeProcess.StartAsync(_bench))
        {
            job = await killed.StartJobAsync(
                "/api/machines/web/versions/1/restore", new { target = "out.raw" }, "key-1");
            await Waiting.UntilAsync(() => JournalOf("serve/journal", job) >= 1
                && File.Exists(Restored("out.raw.partial")));
            await killed.KillAsync();
        }
        Assert.True(File.Exists(Restored("out.raw.partial")));
        Assert.False(File.Exists(Restored("out.raw")));
        var next = await _bench.OkAsync("ingest", "web", _bench.Noise("b.raw", 4096, 44));
        Assert.DoesNotContain("interrupted", next.Error, StringComparison.Ordinal);

        await using var serve = await ServeProcess.StartAsync(_bench);
        Assert.Equal("completed", (await serve.EndOfAsync(job)).GetProperty("state").GetString());
        Assert.Equal(
            job,
            await serve.StartJobAsync(
                "/api/machines/web/versions/1/restore", new { target = "out.raw" }, "key-1"));

        Assert.True(Same(path, Restored("out.raw")));
        Assert.False(File.Exists(Restored("out.raw.partial")));
    }

    [Fact]
    public async Task Many_kills_lose_no_job_and_no_byte()
    {
        const int Seed = 51;
        var random = new Random(Seed);
        await _bench.IngestDemoAsync("web", 5);
        var jobs = new List<string>();
        for (var kill = 0; kill < 6; kill++)
        {
            await using var serve = await ServeProcess.StartAsync(_bench);
            jobs.Add(await serve.StartJobAsync(
                "/api/machines/web/consolidate", new { @base = random.Next(1, 6) }));
            jobs.Add(await serve.StartJobAsync(
                $"/api/machines/web/versions/{random.Next(1, 6)}/restore",
                new { target = $"out-{kill}.raw" }));
            await Task.Delay(random.Next(0, 400));
            await serve.KillAsync();
        }
        await using (var last = await ServeProcess.StartAsync(_bench))
        {
            foreach (var job in jobs)
            {
                var state = (await last.EndOfAsync(job)).GetProperty("state").GetString();
                Assert.True(state == "completed", $"seed {Seed}: {job} is {state}\n{last.Log}");
            }
            Assert.Equal(ExitCodes.Ok, await last.StopAsync());
        }
        for (var i = 0; i < CommandBench.Images.Count; i++)
        {
            var image = CommandBench.Images[i];
            Assert.Equal(
                image.RawHash.ToString(),
                await _bench.HashAsync("web", $"{i + 1}", image.SizeBytes));
        }
    }

    private string Restored(string name) => Path.Combine(_bench.Store, "restored", name);

    /// <summary>How many objects of a job's journal lie in a placement.</summary>
    private int JournalOf(string placement, string job)
    {
        var root = Path.Combine(_bench.Store, placement);
        try
        {
            return Directory.Exists(root)
                ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                    .Count(f => f.Contains($"/{job}.f/journal.f/", StringComparison.Ordinal)
                        && f.EndsWith(".o", StringComparison.Ordinal))
                : 0;
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static bool Same(string one, string other)
    {
        var (a, b) = (File.ReadAllBytes(one), File.ReadAllBytes(other));
        return a.AsSpan().SequenceEqual(b);
    }
}
