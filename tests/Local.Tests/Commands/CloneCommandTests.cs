using SnapshotFunctions.Local.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>The commands about clones: <c>clone</c>, <c>flatten</c>, <c>tree</c>, <c>purge</c>.</summary>
public sealed class CloneCommandTests : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_clone_is_given_back_as_its_origin_lives_on_and_can_be_flattened()
    {
        await _bench.IngestDemoAsync("web", 4);

        var clone = await _bench.JsonAsync("clone", "web", "2", "copy");

        Assert.Equal(1, clone.GetProperty("version").GetInt32());
        Assert.Equal(2, clone.GetProperty("originVersion").GetInt32());
        var image = CommandBench.Images[1];
        Assert.Equal(image.RawHash.ToString(), await _bench.HashAsync("copy", "1", image.SizeBytes));
        var next = CommandBench.Images[2];
        await _bench.OkAsync("ingest", "copy", next.Path);
        Assert.Equal(next.RawHash.ToString(), await _bench.HashAsync("copy", "2", next.SizeBytes));
        var flat = await _bench.JsonAsync("flatten", "copy");
        Assert.Equal("web", flat.GetProperty("originMachine").GetString());
        Assert.True(flat.GetProperty("storedBytes").GetInt64() > 0);
        await _bench.OkAsync("expire", "web", "2");
        foreach (var machine in new[] { "web", "copy" })
            Assert.True((await _bench.JsonAsync("verify", machine, "--full"))
                .GetProperty("isSound").GetBoolean());
        Assert.Equal(image.RawHash.ToString(), await _bench.HashAsync("copy", "1", image.SizeBytes));
        Assert.Contains(
            "rests on no other machine", (await _bench.OkAsync("flatten", "copy")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_shows_who_began_from_whom()
    {
        await _bench.IngestDemoAsync("web", 2);
        await _bench.OkAsync("clone", "web", "1", "one");
        await _bench.OkAsync("clone", "one", "latest", "two");

        var text = (await _bench.OkAsync("tree")).Text;
        var tree = (await _bench.JsonAsync("tree", "two")).GetProperty("trees")[0];

        Assert.Contains("from version 1: one, 1 versions up to 1", text, StringComparison.Ordinal);
        Assert.Equal("web", tree.GetProperty("machine").GetString());
        var one = tree.GetProperty("clones")[0];
        Assert.Equal("one", one.GetProperty("machine").GetString());
        Assert.Equal("two", one.GetProperty("clones")[0].GetProperty("machine").GetString());
        Assert.Equal(ExitCodes.NotFound, (await _bench.RunAsync("tree", "none")).Exit);
    }

    [Fact]
    public async Task A_machine_is_deleted_once_nobody_rests_on_it()
    {
        await _bench.IngestDemoAsync("web", 2);
        await _bench.OkAsync("clone", "web", "1", "copy");

        Assert.NotEqual(ExitCodes.Ok, (await _bench.RunAsync("purge", "web", "--now")).Exit);
        Assert.Equal(ExitCodes.Usage, (await _bench.RunAsync("purge", "copy", "--now", "--cancel")).Exit);
        var marked = await _bench.JsonAsync("purge", "copy");
        Assert.False(marked.GetProperty("isGone").GetBoolean());
        Assert.NotEqual(
            ExitCodes.Ok, (await _bench.RunAsync("ingest", "copy", CommandBench.Images[1].Path)).Exit);
        var image = CommandBench.Images[0];
        Assert.Equal(image.RawHash.ToString(), await _bench.HashAsync("copy", "1", image.SizeBytes));
        await _bench.OkAsync("purge", "copy", "--cancel");
        await _bench.OkAsync("ingest", "copy", CommandBench.Images[1].Path);
        Assert.True((await _bench.JsonAsync("purge", "copy", "--now"))
            .GetProperty("isGone").GetBoolean());
        Assert.Equal(ExitCodes.NotFound, (await _bench.RunAsync("show", "copy", "1")).Exit);
        Assert.True((await _bench.JsonAsync("purge", "web", "--now"))
            .GetProperty("isGone").GetBoolean());
        await _bench.IngestDemoAsync("web", 1);
        Assert.True((await _bench.JsonAsync("verify", "web", "--full"))
            .GetProperty("isSound").GetBoolean());
    }

    [Fact]
    public async Task A_machine_that_is_like_another_is_stored_against_it()
    {
        await _bench.IngestDemoAsync("web", 1);
        await _bench.OkAsync("restore", "web", "1", "--out", _bench["second.raw"]);
        var bytes = await File.ReadAllBytesAsync(_bench["second.raw"]);
        new Random(4).NextBytes(bytes.AsSpan(100_000, 5_000));
        await File.WriteAllBytesAsync(_bench["second.raw"], bytes);

        var like = await _bench.JsonAsync("ingest", "second", _bench["second.raw"], "--like", "auto");

        Assert.Equal("web", like.GetProperty("like").GetProperty("machine").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            await _bench.HashAsync("second", "1", bytes.Length));
        var strange = _bench.Noise("strange.raw", 200_000, seed: 9);
        Assert.Contains(
            "stored whole",
            (await _bench.OkAsync("ingest", "third", strange, "--like", "auto")).Text,
            StringComparison.Ordinal);
        Assert.Equal(
            ExitCodes.NotFound,
            (await _bench.RunAsync("ingest", "fourth", strange, "--like", "nobody")).Exit);
    }

    [Fact]
    public async Task A_serving_host_stores_new_machines_against_others_where_that_is_set()
    {
        await _bench.IngestDemoAsync("web", 1);
        foreach (var (machine, note) in new[] { ("alike", null), ("alone", """{"like":"none"}""") })
        {
            var folder = Path.Combine(_bench.Store, "incoming", machine, "first");
            Directory.CreateDirectory(folder);
            File.Copy(CommandBench.Images[0].Path, Path.Combine(folder, "disk0.qcow2"));
            if (note is not null)
                await File.WriteAllTextAsync(Path.Combine(folder, "snapshot.json"), note);
        }
        using var stop = new CancellationTokenSource();
        var serving = _bench.RunAsync(
            ["serve", "--json", "--listen", "none", "--like", "auto"], stop.Token);
        while (Directory.GetFiles(
            Path.Combine(_bench.Store, "incoming"), "*", SearchOption.AllDirectories).Length > 0)
        {
            Assert.False(serving.IsCompleted);
            await Task.Delay(50);
        }
        await stop.CancelAsync();
        var served = await serving;
        Assert.Contains("are not stored again", served.Text + served.Error, StringComparison.Ordinal);
        var trees = (await _bench.JsonAsync("tree")).GetProperty("trees");
        var roots = trees.EnumerateArray().Select(t => t.GetProperty("machine").GetString());
        Assert.Equal(["alone", "web"], roots.Order(StringComparer.Ordinal));
        Assert.Equal(
            ExitCodes.Refused,
            (await _bench.RunAsync("serve", "--listen", "none", "--like", "web")).Exit);
    }

    [Fact]
    public async Task The_variable_sets_it_for_a_command_that_says_nothing()
    {
        await _bench.IngestDemoAsync("web", 1);
        foreach (var (machine, said) in new[] { ("second", null), ("third", "none") })
        {
            string[] more = said is null ? [] : ["--like", said];
            using var process = _bench.Start(
                ["ingest", machine, CommandBench.Images[0].Path, "--json", .. more],
                ("SNAPSHOTS_LIKE", "auto"));
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            var document = System.Text.Json.JsonDocument.Parse(text).RootElement;
            Assert.Equal(
                said is null, document.TryGetProperty("like", out var like)
                && like.ValueKind is System.Text.Json.JsonValueKind.Object);
            if (said is not null) continue;
            Assert.Equal("web", like.GetProperty("machine").GetString());
            Assert.InRange(like.GetProperty("savedBytes").GetInt64(), 1 << 20, long.MaxValue);
        }
    }
}
