using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.LocalTests.Serving;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class ProcessTests : IDisposable
{
    private const int DiskBytes = 96 << 20;

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task An_ingest_that_was_killed_is_ended_by_the_next_command()
    {
        string path;
        var version = 0;
        do
        {
            // A kill that came after the job's end proves nothing: then the next one is started.
            Assert.True(++version < 20, "Every ingest ended before the kill.");
            path = _bench.Noise("a.raw", DiskBytes, 10 + version);
            using var killed = _bench.Start("ingest", "web", path);
            await UntilIsRunningAsync("web", killed);
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        while (!await IsRunningAsync("web"));

        var next = await _bench.RunAsync("ingest", "web", _bench.Noise("b.raw", 4096, 12));

        Assert.True(next.Exit == ExitCodes.Ok, next.Error);
        Assert.Contains("Ended the interrupted ingest-web-", next.Error, StringComparison.Ordinal);
        var read = await _bench.OkAsync(
            "read", "web", $"{version}", "--offset", "0", "--length", $"{DiskBytes}");
        Assert.Equal(await File.ReadAllBytesAsync(path), read.Output);
        Assert.Equal(
            version + 1,
            (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
        Assert.DoesNotContain(await JobsAsync(), j => j.State == JobState.Running);
    }

    [Fact]
    public async Task Of_two_processes_at_one_machine_one_waits_and_both_end_well()
    {
        var b = _bench.Noise("b.raw", 65536, 22);
        var (first, versions) = await StartAndHoldAsync();
        using var _ = first;
        try
        {
            using var second = _bench.Start("ingest", "web", b);
            var firstSays = first.StandardError.ReadToEndAsync();
            var met = new TaskCompletionSource();
            var secondSays = ReadAsync(
                second.StandardError,
                $"process {first.Id.ToString(CultureInfo.InvariantCulture)} ", met);
            await Task.WhenAny(met.Task, second.WaitForExitAsync());
            await SignalAsync("CONT", first);
            await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());

            Assert.True(first.ExitCode == ExitCodes.Ok, await firstSays);
            Assert.True(second.ExitCode == ExitCodes.Ok, await secondSays);
            Assert.DoesNotContain("interrupted", await secondSays, StringComparison.Ordinal);
            Assert.True(met.Task.IsCompleted, await secondSays);
        }
        finally
        {
            if (!first.HasExited) first.Kill();
        }
        Assert.Equal(
            versions + 1,
            (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
        Assert.Equal(
            await File.ReadAllBytesAsync(b),
            (await _bench.OkAsync(
                "read", "web", $"{versions + 1}", "--offset", "0", "--length", "65536")).Output);
        await _bench.OkAsync("verify", "web", "--full");
    }

    /// <summary>
    /// A process that stands still in the midst of an ingest: otherwise it could be done before
    /// another one has begun. Tells the version too that it makes.
    /// </summary>
    private async Task<(Process Process, int Version)> StartAndHoldAsync()
    {
        for (var version = 1; ; version++)
        {
            Assert.True(version < 20, "Every ingest ended before it could be held.");
            var path = _bench.Noise("a.raw", DiskBytes, 20 + version);
            var process = _bench.Start("ingest", "web", path);
            await UntilIsRunningAsync("web", process);
            await SignalAsync("STOP", process);
            if (await IsRunningAsync("web")) return (process, version);
            await SignalAsync("CONT", process);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Waits until a job about a machine runs, or the process has ended.</summary>
    private Task UntilIsRunningAsync(string machine, Process process) => Waiting.UntilAsync(
        async () => process.HasExited
            || (Directory.Exists(_bench.Store) && await IsRunningAsync(machine)));

    private async Task<bool> IsRunningAsync(string machine) => (await JobsAsync()).Any(
        j => j.State == JobState.Running && j.Subject == machine);

    private static async Task SignalAsync(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>All that comes; tells as soon as some words have come.</summary>
    private static async Task<string> ReadAsync(
        StreamReader from, string words, TaskCompletionSource told)
    {
        var text = new StringBuilder();
        while (await from.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line.Contains(words, StringComparison.Ordinal)) told.TrySetResult();
        }
        return text.ToString();
    }

    private async Task<IReadOnlyList<JobInfo>> JobsAsync()
    {
        var store = await StoreSetting.Parse(_bench.Store)
            .OpenAsync(create: true, TimeProvider.System, default);
        using var engine = new LocalEngine(store, TimeProvider.System, NullLogger.Instance);
        return await engine.Runner.ListAsync();
    }
}
