using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_version_is_given_back_as_it_was_by_read_and_restore()
    {
        await _bench.IngestDemoAsync("web", 5);

        for (var i = 0; i < 5; i++)
        {
            var image = CommandBench.Images[i];
            var expected = image.RawHash.ToString();
            Assert.Equal(expected, await _bench.HashAsync("web", $"{i + 1}", image.SizeBytes));
            var path = _bench[$"v{i + 1}.raw"];
            await _bench.OkAsync("restore", "web", $"{i + 1}", "--out", path);
            Assert.Equal(expected, await Sha256Async(path));
        }
    }

    [Fact]
    public async Task A_disk_is_changed_into_another_version_in_place()
    {
        await _bench.IngestDemoAsync("web", 3);
        var path = _bench["disk.raw"];
        await _bench.OkAsync("restore", "web", "1", "--out", path);

        var onto = await _bench.JsonAsync(
            "restore", "web", "latest", "--onto", path, "--from", "1");

        Assert.Equal(CommandBench.Images[2].RawHash.ToString(), await Sha256Async(path));
        Assert.InRange(onto.GetProperty("writtenBytes").GetInt64(), 1, 8 << 20);
    }

    [Fact]
    public async Task The_base_moves_where_it_is_told_and_versions_stay()
    {
        await _bench.IngestDemoAsync("web", 4);
        Assert.Equal("reverse reverse reverse base", await RolesAsync());

        await _bench.OkAsync("consolidate", "web", "--base", "2");

        Assert.Equal("reverse base forward forward", await RolesAsync());
        var verified = await _bench.JsonAsync("verify", "web", "--full");
        Assert.True(verified.GetProperty("isSound").GetBoolean());
        Assert.Equal(4, verified.GetProperty("versions").GetInt32());
    }

    [Fact]
    public async Task With_the_rule_keep_the_base_stays_until_it_is_told_to_move()
    {
        await _bench.OkAsync(
            "ingest", "web", CommandBench.Images[0].Path, "--base-rule", "keep");
        await _bench.OkAsync("ingest", "web", CommandBench.Images[1].Path);
        Assert.Equal("base forward", await RolesAsync());

        await _bench.OkAsync("ingest", "web", CommandBench.Images[2].Path, "--base-rule", "newest");

        Assert.Equal("reverse reverse base", await RolesAsync());
    }

    [Fact]
    public async Task The_newest_version_is_taken_back()
    {
        await _bench.IngestDemoAsync("web", 3);

        var undone = await _bench.JsonAsync("undo", "web");

        Assert.Equal(3, undone.GetProperty("withdrawn").GetInt32());
        Assert.Equal(2, undone.GetProperty("newest").GetInt32());
        Assert.Equal("reverse base", await RolesAsync());
        var image = CommandBench.Images[1];
        Assert.Equal(
            image.RawHash.ToString(), await _bench.HashAsync("web", "latest", image.SizeBytes));
    }

    [Fact]
    public async Task Diff_names_exactly_the_sectors_that_differ()
    {
        const int Sector = 4096;
        var before = _bench.Noise("a.raw", 64 * Sector, seed: 7);
        var bytes = await File.ReadAllBytesAsync(before);
        foreach (var sector in new[] { 3, 4, 40 }) bytes[(sector * Sector) + 9] ^= 0xFF;
        await File.WriteAllBytesAsync(_bench["b.raw"], bytes);
        await _bench.OkAsync("ingest", "web", before);
        await _bench.OkAsync("ingest", "web", _bench["b.raw"]);

        var disk = (await _bench.JsonAsync("diff", "web", "2", "1")).GetProperty("disks")[0];

        Assert.Equal(3 * Sector, disk.GetProperty("changedBytes").GetInt64());
        Assert.Equal(
            [(3 * Sector, 2 * Sector), (40 * Sector, Sector)],
            disk.GetProperty("ranges").EnumerateArray().Select(
                r => (r.GetProperty("offset").GetInt32(), r.GetProperty("length").GetInt32())));
    }

    [Fact]
    public async Task Several_disks_are_one_version_and_named_when_read()
    {
        var (a, b) = (_bench.Noise("a.raw", 8192, 1), _bench.Noise("b.raw", 4096, 2));
        await _bench.OkAsync("ingest", "web", $"boot={a}", $"data={b}", "--label", "two disks");

        Assert.Equal(
            ExitCodes.Refused,
            (await _bench.RunAsync("read", "web", "1", "--offset", "0", "--length", "1")).Exit);
        var read = await _bench.OkAsync(
            "read", "web", "1", "--disk", "data", "--offset", "0", "--length", "4096");
        Assert.Equal(await File.ReadAllBytesAsync(b), read.Output);
        var shown = await _bench.JsonAsync("show", "web", "1");
        Assert.Equal("two disks", shown.GetProperty("version").GetProperty("label").GetString());
        Assert.Equal(
            ["boot", "data"],
            shown.GetProperty("disks").EnumerateArray()
                .Select(d => d.GetProperty("disk").GetString()!));
    }

    [Fact]
    public async Task Text_is_for_people_and_names_what_is_there()
    {
        await _bench.IngestDemoAsync("web", 2);

        Assert.Contains("web", (await _bench.OkAsync("list")).Text, StringComparison.Ordinal);
        var list = (await _bench.OkAsync("list", "web")).Text;
        Assert.Contains("reverse", list, StringComparison.Ordinal);
        Assert.Contains("delta/hot", list, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', list);
        var fingerprint = (await _bench.JsonAsync("show", "web", "2")).GetProperty("version")
            .GetProperty("fingerprint").GetString()!;
        Assert.Contains(
            fingerprint, (await _bench.OkAsync("show", "web", "2")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_ends_with_every_version_bit_exact()
    {
        var demo = await _bench.JsonAsync("demo");

        Assert.True(demo.GetProperty("isExact").GetBoolean());
        Assert.Equal(4, demo.GetProperty("base").GetInt32());
        Assert.Equal("reverse reverse reverse base forward", Roles(demo));
        Assert.Equal(ExitCodes.Refused, (await _bench.RunAsync("demo")).Exit);
    }

    [Fact]
    public async Task A_manifest_that_is_lost_is_made_anew_and_every_version_is_there()
    {
        await _bench.IngestDemoAsync("web", 3);
        using (var store = FolderStore.Open(Path.Combine(_bench.Store, "base")))
            Assert.True(await store.DeleteAsync(ObjectNames.Head("web")));
        Assert.Equal(ExitCodes.NotFound, (await _bench.RunAsync("list", "web")).Exit);

        var rebuilt = await _bench.JsonAsync("rebuild");

        Assert.Equal(1, rebuilt.GetProperty("rebuilt").GetInt32());
        for (var i = 0; i < 3; i++)
        {
            var image = CommandBench.Images[i];
            Assert.Equal(
                image.RawHash.ToString(),
                await _bench.HashAsync("web", $"{i + 1}", image.SizeBytes));
        }
    }

    private static string Roles(JsonElement document) => string.Join(
        ' ', document.GetProperty("versions").EnumerateArray()
            .Select(v => v.GetProperty("role").GetString()));

    private async Task<string> RolesAsync() => Roles(await _bench.JsonAsync("list", "web"));

    private static async Task<string> Sha256Async(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(
            await System.Security.Cryptography.SHA256.HashDataAsync(file));
    }
}
