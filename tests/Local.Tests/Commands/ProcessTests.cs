using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;
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
        var path = _bench.Noise("a.raw", DiskBytes, 11);
        using (var killed = _bench.Start("ingest", "web", path))
        {
            await UntilIsRunningAsync("web");
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        Assert.Contains(await JobsAsync(), j => j.State == JobState.Running);

        var next = await _bench.RunAsync("ingest", "web", _bench.Noise("b.raw", 4096, 12));

        Assert.True(next.Exit == ExitCodes.Ok, next.Error);
        Assert.Contains("Ended the interrupted ingest-web-", next.Error, StringComparison.Ordinal);
        var read = await _bench.OkAsync(
            "read", "web", "1", "--offset", "0", "--length", $"{DiskBytes}");
        Assert.Equal(await File.ReadAllBytesAsync(path), read.Output);
        Assert.Equal(
            2, (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
        Assert.DoesNotContain(await JobsAsync(), j => j.State == JobState.Running);
    }

    [Fact]
    public async Task Of_two_processes_at_one_machine_one_waits_and_both_end_well()
    {
        var (a, b) = (_bench.Noise("a.raw", DiskBytes, 21), _bench.Noise("b.raw", 65536, 22));
        using var first = _bench.Start("ingest", "web", a);
        var firstSays = first.StandardError.ReadToEndAsync();
        await UntilIsRunningAsync("web");
        using var second = _bench.Start("ingest", "web", b);
        var secondSays = second.StandardError.ReadToEndAsync();
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());

        Assert.True(first.ExitCode == ExitCodes.Ok, await firstSays);
        Assert.True(second.ExitCode == ExitCodes.Ok, await secondSays);
        Assert.Contains(
            $"process {first.Id.ToString(CultureInfo.InvariantCulture)} ", await secondSays,
            StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted", await secondSays, StringComparison.Ordinal);
        Assert.Equal(
            2, (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
        Assert.Equal(
            await File.ReadAllBytesAsync(b),
            (await _bench.OkAsync("read", "web", "2", "--offset", "0", "--length", "65536")).Output);
        await _bench.OkAsync("verify", "web", "--full");
    }

    private async Task UntilIsRunningAsync(string machine)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (Directory.Exists(_bench.Store)
                && (await JobsAsync()).Any(j =>
                    j.State == JobState.Running && j.Subject == machine)) return;
            await Task.Delay(20);
        }
        Assert.Fail("The process did not start its job.");
    }

    private async Task<IReadOnlyList<JobInfo>> JobsAsync()
    {
        var store = await StoreSetting.Parse(_bench.Store)
            .OpenAsync(create: true, TimeProvider.System, default);
        using var engine = new LocalEngine(store, TimeProvider.System, NullLogger.Instance);
        return await engine.Runner.ListAsync();
    }
}
