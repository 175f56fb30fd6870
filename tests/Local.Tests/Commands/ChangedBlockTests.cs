using System.Security.Cryptography;
using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Oracle;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>
/// Changed-block files of a script and of <c>diff --to</c>, taken in over a raw disk. The script
/// needs Python 3 and nothing else.
/// </summary>
[Trait("Category", "Oracle")]
public sealed class ChangedBlockTests : IDisposable
{
    private const int SizeBytes = 3_000_001;
    private readonly CommandBench _bench = new();

    [Fact]
    public async Task A_scripts_files_chain_by_identifier_version_and_fingerprint()
    {
        var (one, two, three) = await DisksAsync();
        await _bench.OkAsync("ingest", "web", one);
        var first = await _bench.JsonAsync("show", "web", "1");
        await ScriptAsync("a.sfd", two, "--old", one, "--parent", "version:1", "--id", "feed-2");
        await _bench.OkAsync("ingest", "web", $"disk0={_bench["a.sfd"]}");
        // By the bitmap's own form, and against the identifier of the file before.
        await File.WriteAllTextAsync(_bench["map.json"], JsonSerializer.Serialize(new[]
        {
            new { offset = 0, length = 700_000, type = 0 },
            new { offset = 700_000, length = 200_000, type = 1 },
            new { offset = 900_000, length = SizeBytes - 900_000, type = 1 },
        }));
        await ScriptAsync(
            "b.sfd", three, "--map", _bench["map.json"], "--parent", "id:feed-2", "--id", "feed-3");
        await _bench.OkAsync("ingest", "web", $"disk0={_bench["b.sfd"]}");
        await RestoredAsync("web", 2, two);
        await RestoredAsync("web", 3, three);

        // Against the first version, by its fingerprint, though others came since.
        await ScriptAsync(
            "c.sfd", three, "--old", one, "--parent",
            $"fingerprint:{first.GetProperty("version").GetProperty("fingerprint").GetString()}");
        await _bench.OkAsync("ingest", "web", $"disk0={_bench["c.sfd"]}");
        await RestoredAsync("web", 4, three);
        var inspected = await _bench.JsonAsync("inspect", _bench["b.sfd"]);
        Assert.Equal(("sfd", "feed-3", "feed-2"), (
            inspected.GetProperty("format").GetString(), inspected.GetProperty("id").GetString(),
            inspected.GetProperty("parentIds")[0].GetString()));
    }

    [Fact]
    public async Task A_wrong_parent_is_refused_and_the_right_one_told()
    {
        var (one, two, three) = await DisksAsync();
        await _bench.OkAsync("ingest", "web", one);
        await ScriptAsync("a.sfd", two, "--old", one, "--parent", "version:1", "--id", "feed-2");
        await _bench.OkAsync("ingest", "web", $"disk0={_bench["a.sfd"]}");
        foreach (var (parent, named, words) in new[]
        {
            ("version:7", null, "Version 7 of 'web' is not there"),
            ("version:1", "2", "that is version 1"),
            ($"fingerprint:{new string('a', 64)}", null, "ingest that image first"),
            ("id:other", null, "was taken against the image other"),
        })
        {
            await ScriptAsync($"{parent}.sfd", three, "--old", two, "--parent", parent);
            string[] arguments = ["ingest", "web", $"disk0={_bench[$"{parent}.sfd"]}"];
            var wrong = await _bench.RunAsync(
                named is null ? arguments : [.. arguments, "--parent", named]);
            Assert.Equal(ExitCodes.Refused, wrong.Exit);
            Assert.Contains(words, wrong.Error, StringComparison.Ordinal);
        }
        // Alone, without a version to lie on.
        var alone = await _bench.RunAsync("ingest", "new", _bench["a.sfd"]);
        Assert.Equal(ExitCodes.Refused, alone.Exit);
        Assert.Contains("ingest the full image first", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_was_altered_ends_the_ingest_and_nothing_is_lost()
    {
        var (one, two, _) = await DisksAsync();
        await _bench.OkAsync("ingest", "web", one);
        await ScriptAsync("a.sfd", two, "--old", one, "--parent", "version:1");
        var sound = await File.ReadAllBytesAsync(_bench["a.sfd"]);
        var altered = (byte[])sound.Clone();
        altered[sound.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(_bench["b.sfd"], altered);
        var wrong = await _bench.RunAsync("ingest", "web", $"disk0={_bench["b.sfd"]}");
        Assert.Equal(ExitCodes.Refused, wrong.Exit);
        Assert.Contains("with the checksum", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("b.sfd", wrong.Error, StringComparison.Ordinal);
        var list = await _bench.JsonAsync("list", "web");
        Assert.Equal(1, list.GetProperty("versions").GetArrayLength());
        await RestoredAsync("web", 1, one);
        var next = await _bench.JsonAsync("ingest", "web", $"disk0={_bench["a.sfd"]}");
        await _bench.OkAsync("verify", "web", "--full");
        await RestoredAsync("web", 1, one);
        await RestoredAsync("web", next.GetProperty("version").GetInt32(), two);
    }

    [Fact]
    public async Task A_difference_that_was_written_leads_another_store_to_the_same_version()
    {
        var (one, two, three) = await DisksAsync();
        foreach (var path in new[] { one, two, three }) await _bench.OkAsync("ingest", "web", path);
        await _bench.OkAsync("ingest", "copy", one);
        var written = await _bench.JsonAsync("diff", "web", "1", "3", "--to", _bench["d.sfd"]);
        Assert.Equal(
            new FileInfo(_bench["d.sfd"]).Length, written.GetProperty("writtenBytes").GetInt64());
        await _bench.OkAsync("ingest", "copy", $"disk0={_bench["d.sfd"]}");
        await RestoredAsync("copy", 2, three);
        // Back again, and a file that is there already stays.
        await _bench.OkAsync("diff", "web", "3", "2", "--to", _bench["e.sfd"]);
        await _bench.OkAsync("ingest", "copy", $"disk0={_bench["e.sfd"]}");
        await RestoredAsync("copy", 3, two);
        var again = await _bench.RunAsync("diff", "web", "3", "2", "--to", _bench["e.sfd"]);
        Assert.Equal(ExitCodes.Refused, again.Exit);
    }

    public void Dispose() => _bench.Dispose();

    private async Task<(string One, string Two, string Three)> DisksAsync()
    {
        var disk = DiskContent.Sample(SizeBytes, 11);
        await File.WriteAllBytesAsync(_bench["one.raw"], disk);
        disk.AsSpan(400_000, 9000).Fill(7);
        disk.AsSpan(1_000_000, 70_000).Clear();
        disk[^1] ^= 1;
        await File.WriteAllBytesAsync(_bench["two.raw"], disk);
        disk.AsSpan(750_000, 5000).Fill(9);
        disk.AsSpan(1_050_000, 200_000).Fill(1);
        await File.WriteAllBytesAsync(_bench["three.raw"], disk);
        return (_bench["one.raw"], _bench["two.raw"], _bench["three.raw"]);
    }

    private Task<string> ScriptAsync(string name, string disk, params string[] arguments)
    {
        return OutsideTool.RunAsync(
            "/usr/bin/python3",
            [Path.Combine(Repository.Root, "docs", "make-sfd.py"), _bench[name], "--disk", disk,
                .. arguments]);
    }

    private async Task RestoredAsync(string machine, int version, string expected)
    {
        await _bench.OkAsync(
            "restore", machine, $"{version}", "--out", _bench["out.raw"], "--overwrite");
        Assert.Equal(
            SHA256.HashData(await File.ReadAllBytesAsync(expected)),
            SHA256.HashData(await File.ReadAllBytesAsync(_bench["out.raw"])));
    }
}
