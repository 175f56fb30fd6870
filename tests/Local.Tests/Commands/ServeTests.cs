using System.Net.Http.Json;
using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Serving;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class ServeTests : IDisposable
{
    private readonly CommandBench _bench = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Good_uploads_become_versions_and_bad_ones_are_put_aside_with_the_reason()
    {
        await UploadAsync("web", "first", "disk0.qcow2", CommandBench.Images[0].Path);
        await UploadAsync("web", "second", "disk0.qcow2", CommandBench.Images[1].Path);
        await UploadAsync("two", "pair", "boot.raw", _bench.Noise("a", 8192, 1));
        await UploadAsync("two", "pair", "data.img", _bench.Noise("b", 4096, 2));
        await File.WriteAllTextAsync(
            Incoming("two", "pair", "snapshot.json"), """{"label":"both","disks":["boot","data"]}""");
        await UploadAsync("Bad_Name", "x", "disk0.raw", _bench.Noise("c", 4096, 3));
        await UploadAsync("web", "third", "disk0.vdi", _bench.Noise("d", 4096, 4));
        var serving = _bench.RunAsync(["serve", "--json", "--listen", "none"], _stop.Token);

        await Waiting.UntilAsync(() => Directory.GetFiles(
            Incoming(), "*", SearchOption.AllDirectories).Length == 0);
        await _stop.CancelAsync();
        var served = await serving;

        Assert.True(served.Exit == ExitCodes.Ok, served.Error);
        var image = CommandBench.Images[1];
        Assert.Equal(
            image.RawHash.ToString(), await _bench.HashAsync("web", "latest", image.SizeBytes));
        var web = (await _bench.JsonAsync("list", "web")).GetProperty("versions");
        Assert.Equal(
            ["first", "second"],
            web.EnumerateArray().Select(v => v.GetProperty("snapshot").GetString()!));
        var two = await _bench.JsonAsync("show", "two", "latest");
        Assert.Equal("both", two.GetProperty("version").GetProperty("label").GetString());
        Assert.Equal(2, two.GetProperty("disks").GetArrayLength());
        Assert.Equal("refused-upload-format", Reason("web", "third"));
        Assert.Equal("refused-name", Reason(
            Path.GetFileName(Directory.GetDirectories(Quarantined()).Single(
                d => Path.GetFileName(d).StartsWith("unnamed", StringComparison.Ordinal))), "x"));
    }

    [Fact]
    public async Task An_incremental_that_may_build_on_a_bad_upload_is_put_aside_too()
    {
        await _bench.IngestDemoAsync("web", 1);
        await File.WriteAllBytesAsync(
            _bench["cut.qcow2"], (await File.ReadAllBytesAsync(CommandBench.Images[1].Path))[..9000]);
        await UploadAsync("web", "a", "disk0.qcow2", _bench["cut.qcow2"]);
        await UploadAsync("web", "b", "disk0.qcow2", CommandBench.Images[2].Path);
        var serving = _bench.RunAsync(["serve", "--listen", "none"], _stop.Token);

        await Waiting.UntilAsync(() => File.Exists(Quarantined("web", "b", "reason.json")));
        await _stop.CancelAsync();
        await serving;

        Assert.StartsWith("image-", Reason("web", "a"), StringComparison.Ordinal);
        Assert.Equal("refused-parent-quarantined", Reason("web", "b"));
        Assert.Equal(
            1, (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Files_that_the_note_lists_are_kept_with_the_version_and_no_others()
    {
        var nvram = _bench.Noise("n", 700, 5);
        foreach (var snapshot in new[] { "listed", "other", "missing", "escaping" })
        {
            await UploadAsync("vm", snapshot, "disk0.raw", _bench.Noise("d", 4096, 1));
            await UploadAsync("vm", snapshot, "nvram", nvram);
            await UploadAsync("vm", snapshot, "vtpm.raw", _bench.Noise("t", 900, 6));
            var note = snapshot switch
            {
                "listed" => """{"files":["vtpm.raw","nvram"],"disks":["disk0"]}""",
                "other" => """{"files":["vtpm.raw"]}""",
                "missing" => """{"files":["vtpm.raw","nvram","config"]}""",
                _ => """{"files":["../listed/nvram"]}""",
            };
            await File.WriteAllTextAsync(Incoming("vm", snapshot, "snapshot.json"), note);
        }
        var serving = _bench.RunAsync(["serve", "--listen", "none"], _stop.Token);
        await Waiting.UntilAsync(() => Directory.GetFiles(
            Incoming(), "*", SearchOption.AllDirectories).Length == 0);
        await _stop.CancelAsync();
        await serving;

        var files = (await _bench.JsonAsync("show", "vm", "latest")).GetProperty("files");
        Assert.Equal(
            ["nvram", "vtpm.raw"],
            files.EnumerateArray().Select(f => f.GetProperty("name").GetString()!));
        await _bench.OkAsync("files", "vm", "1", "--out", _bench["out"]);
        Assert.Equal(
            await File.ReadAllBytesAsync(nvram),
            await File.ReadAllBytesAsync(Path.Combine(_bench["out"], "nvram")));
        Assert.Equal("refused-upload-format", Reason("vm", "other"));
        Assert.Equal("refused-upload-note", Reason("vm", "missing"));
        Assert.Equal("refused-name", Reason("vm", "escaping"));
    }

    [Fact]
    public async Task An_upload_whose_taking_was_killed_becomes_one_version()
    {
        var path = _bench.Noise("big.raw", 96 << 20, 31);
        await UploadAsync("web", "big", "disk0.raw", path);
        using (var killed = _bench.Start("serve", "--listen", "none"))
        {
            // On a slow machine it may be taken before this looks again.
            await Waiting.UntilAsync(() => Directory.Exists(Path.Combine(_bench.Store, "base"))
                && (File.Exists(Incoming("web", "big", ".taking.json"))
                    || !Directory.Exists(Incoming("web", "big"))));
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        var serving = _bench.RunAsync(["serve", "--listen", "none"], _stop.Token);

        await Waiting.UntilAsync(() => !Directory.Exists(Incoming("web", "big")));
        await _stop.CancelAsync();
        await serving;

        Assert.Equal(
            1, (await _bench.JsonAsync("list", "web")).GetProperty("versions").GetArrayLength());
        Assert.Equal(
            await File.ReadAllBytesAsync(path),
            (await _bench.OkAsync("read", "web", "1", "--offset", "0", "--length", $"{96 << 20}"))
                .Output);
    }

    [Fact]
    public async Task Health_is_told_on_this_machine_alone()
    {
        await using var serve = await ServeProcess.StartAsync(_bench, ["--port", "0"]);

        var health = await serve.Client.GetFromJsonAsync<JsonElement>("/healthz");
        var other = await serve.Client.GetAsync("/other");
        var posted = await serve.Client.PostAsync("/healthz", null);

        Assert.Equal(ExitCodes.Ok, await serve.StopAsync());
        Assert.True(serve.Client.BaseAddress!.IsLoopback);
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(0, health.GetProperty("jobs").GetArrayLength());
        Assert.Equal(404, (int)other.StatusCode);
        Assert.Equal(405, (int)posted.StatusCode);
    }

    private string Incoming(params string[] parts) =>
        Path.Combine([_bench.Store, "incoming", .. parts]);

    private string Quarantined(params string[] parts) =>
        Path.Combine([_bench.Store, "quarantine", .. parts]);

    private string? Reason(string machine, string snapshot) => JsonDocument
        .Parse(File.ReadAllBytes(Quarantined(machine, snapshot, "reason.json")))
        .RootElement.GetProperty("code").GetString();

    private async Task UploadAsync(string machine, string snapshot, string name, string path)
    {
        Directory.CreateDirectory(Incoming(machine, snapshot));
        var target = Incoming(machine, snapshot, name);
        await using (var from = File.OpenRead(path))
        await using (var to = File.Create(target))
            await from.CopyToAsync(to);
    }
}
