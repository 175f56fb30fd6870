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
        var (job, target) = (string.Empty, 1);
        await KillInTheMidstAsync(async (serving, _) =>
        {
            target = 3 - target;
            var moving = job = await serving.StartJobAsync(
                "/api/machines/web/consolidate", new { @base = target });
            await Waiting.UntilAsync(
                () => JournalOf("base", moving) >= 3 || HasEnded("base", moving));
            return () => !HasEnded("base", moving);
        });

        await using var serve = await ServeProcess.StartAsync(_bench);
        var ended = await serve.EndOfAsync(job);

        Assert.Equal("completed", ended.GetProperty("state").GetString());
        Assert.Equal(target, ended.GetProperty("result").GetProperty("base").GetInt32());
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
        var (job, target, key) = (string.Empty, string.Empty, string.Empty);
        await KillInTheMidstAsync(async (serving, tries) =>
        {
            (target, key) = ($"out-{tries}.raw", $"key-{tries}");
            var restoring = job = await serving.StartJobAsync(
                "/api/machines/web/versions/1/restore", new { target }, key);
            var made = Restored(target);
            await Waiting.UntilAsync(() => File.Exists(made)
                || (JournalOf("serve/journal", restoring) >= 1 && File.Exists($"{made}.partial")));
            return () => !File.Exists(made);
        });
        Assert.True(File.Exists(Restored($"{target}.partial")));
        Assert.False(File.Exists(Restored(target)));
        var next = await _bench.OkAsync("ingest", "web", _bench.Noise("b.raw", 4096, 44));
        Assert.DoesNotContain("interrupted", next.Error, StringComparison.Ordinal);

        await using var serve = await ServeProcess.StartAsync(_bench);
        Assert.Equal("completed", (await serve.EndOfAsync(job)).GetProperty("state").GetString());
        Assert.Equal(
            job,
            await serve.StartJobAsync(
                "/api/machines/web/versions/1/restore", new { target }, key));

        Assert.True(Same(path, Restored(target)));
        Assert.False(File.Exists(Restored($"{target}.partial")));
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

    /// <summary>
    /// Starts a job and kills the host while it runs. A kill that came after the job's end proves
    /// nothing: then the next one is started. Whether it did is looked at when all stands still.
    /// </summary>
    /// <param name="start">Starts a job, waits for its midst, and tells whether it is still in it.</param>
    private async Task KillInTheMidstAsync(Func<ServeProcess, int, Task<Func<bool>>> start)
    {
        for (var tries = 1; ; tries++)
        {
            await using var killed = await ServeProcess.StartAsync(_bench);
            var isInTheMidst = await start(killed, tries);
            await killed.KillAsync();
            if (isInTheMidst()) return;
            Assert.True(tries < 20, "Every job ended before the kill.");
        }
    }

    private string Restored(string name) => Path.Combine(_bench.Store, "restored", name);

    /// <summary>How many objects of a job's journal lie in a placement.</summary>
    private int JournalOf(string placement, string job) =>
        ObjectsOf(placement, $"/{job}.f/journal.f/", ".o");

    private bool HasEnded(string placement, string job) =>
        ObjectsOf(placement, $"/{job}.f/", "/end.o") > 0;

    private int ObjectsOf(string placement, string folder, string ending)
    {
        var root = Path.Combine(_bench.Store, placement);
        try
        {
            return Directory.Exists(root)
                ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                    .Count(f => f.Contains(folder, StringComparison.Ordinal)
                        && f.EndsWith(ending, StringComparison.Ordinal))
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
