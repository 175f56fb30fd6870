using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class ErrorTests : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("ingest")]
    [InlineData("undo")]
    [InlineData("show", "web", "none")]
    [InlineData("show", "web", "0")]
    [InlineData("restore", "web", "1")]
    [InlineData("restore", "web", "1", "--out", "a", "--onto", "b")]
    [InlineData("restore", "web", "1", "--out", "a", "--from", "1")]
    [InlineData("ingest", "web", "a.raw", "--base-rule", "after:0")]
    [InlineData("list", "--wait", "soon")]
    [InlineData("nonsense")]
    public async Task A_wrong_command_line_ends_with_2(params string[] arguments)
    {
        var outcome = await _bench.RunAsync(arguments);

        Assert.Equal(ExitCodes.Usage, outcome.Exit);
        Assert.Contains("--help", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("list", "none")]
    [InlineData("show", "web", "7")]
    [InlineData("read", "web", "7", "--offset", "0", "--length", "1")]
    [InlineData("restore", "none", "1", "--out", "/nowhere/to/be/found")]
    [InlineData("consolidate", "none")]
    [InlineData("consolidate", "web", "--base", "7")]
    [InlineData("undo", "none")]
    [InlineData("verify", "none")]
    [InlineData("diff", "web", "1", "7")]
    [InlineData("ingest", "web", "/no/such/file.raw")]
    public async Task What_is_not_there_ends_with_4(params string[] arguments)
    {
        await _bench.OkAsync("ingest", "web", _bench.Noise("a.raw", 4096, 1));

        Assert.Equal(ExitCodes.NotFound, (await _bench.RunAsync(arguments)).Exit);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_not_made_by_looking_at_it()
    {
        Assert.Equal(ExitCodes.NotFound, (await _bench.RunAsync("list")).Exit);
        Assert.False(Directory.Exists(_bench.Store));
    }

    [Fact]
    public async Task An_error_is_a_JSON_document_when_that_is_asked_for()
    {
        await _bench.OkAsync("ingest", "web", _bench.Noise("a.raw", 4096, 1));

        var error = (await _bench.RunAsync("show", "web", "7", "--json")).Json.GetProperty("error");

        Assert.Equal("not-found", error.GetProperty("code").GetString());
        Assert.Equal(ExitCodes.NotFound, error.GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task An_overlay_of_another_version_is_refused_and_leaves_nothing()
    {
        await _bench.IngestDemoAsync("web", 3);

        var refused = await _bench.RunAsync("ingest", "web", CommandBench.Images[1].Path);

        Assert.Equal(ExitCodes.Refused, refused.Exit);
        Assert.Contains("--parent", refused.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task A_bad_image_is_refused_by_name_without_a_stack_trace()
    {
        var path = _bench["bad.qcow2"];
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(CommandBench.Images[0].Path))[..70_000]);

        var refused = await _bench.RunAsync("ingest", "web", path);

        Assert.Equal(ExitCodes.Refused, refused.Exit);
        Assert.Contains("bad.qcow2", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_somebody_works_on_ends_with_5_once_the_wait_is_over()
    {
        var path = _bench.Noise("a.raw", 4096, 1);
        await _bench.OkAsync("ingest", "web", path);
        using var store = FolderStore.Open(Path.Combine(_bench.Store, "base"));
        await using var held = await DriverLease.TakeAsync(
            store, "web", TimeSpan.Zero, TimeProvider.System, _ => { }, default);

        var busy = await _bench.RunAsync("ingest", "web", path, "--wait", "1s");

        Assert.Equal(ExitCodes.Busy, busy.Exit);
        Assert.Contains($"process {Environment.ProcessId}", busy.Error, StringComparison.Ordinal);
        Assert.Contains("waiting", busy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_found_and_ends_with_6()
    {
        await _bench.IngestDemoAsync("web", 2);
        var damaged = 0;
        foreach (var path in Directory.EnumerateFiles(
            Path.Combine(_bench.Store, "delta"), "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(path);
            if (!path.Contains(".dat", StringComparison.Ordinal) || bytes.Length < 2000) continue;
            for (var at = bytes.Length / 4; at < bytes.Length / 2; at += 64) bytes[at] ^= 0x55;
            await File.WriteAllBytesAsync(path, bytes);
            damaged++;
        }
        Assert.NotEqual(0, damaged);

        var verified = await _bench.RunAsync("verify", "web", "--full", "--json");

        Assert.Equal(ExitCodes.Damaged, verified.Exit);
        Assert.False(verified.Json.GetProperty("isSound").GetBoolean());
        Assert.NotEqual(0, verified.Json.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_ends_with_8()
    {
        await File.WriteAllTextAsync(_bench.Store, "a file, no folder");

        var outcome = await _bench.RunAsync("ingest", "web", _bench.Noise("a.raw", 4096, 1));

        Assert.Equal(ExitCodes.Unreachable, outcome.Exit);
    }

    [Fact]
    public async Task A_user_who_stops_a_command_is_told_how_it_goes_on()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var stopped = await _bench.RunAsync(
            ["ingest", "web", _bench.Noise("a.raw", 4096, 1)], stop.Token);

        Assert.Equal(ExitCodes.Interrupted, stopped.Exit);
        Assert.Contains("next command", stopped.Error, StringComparison.Ordinal);
    }
}
