using System.Security.Cryptography;
using SnapshotFunctions.Local.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class FilesCommandTests : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Files_are_given_back_byte_for_byte_for_each_version()
    {
        var disk = _bench.Noise("disk.raw", 8192, 1);
        var nvram = _bench.Noise("nvram", 540_672, 2);
        var empty = _bench["empty"];
        await File.WriteAllBytesAsync(empty, []);
        await _bench.OkAsync(
            "ingest", "vm", disk, "--file", nvram, "--file", $"vm.xml={empty}");
        var changed = _bench.Noise("other", 100, 3);
        await _bench.OkAsync("ingest", "vm", disk, "--file", $"nvram={changed}");
        await _bench.OkAsync("ingest", "vm", disk);

        await _bench.OkAsync("files", "vm", "1", "--out", _bench["one"]);
        await _bench.OkAsync("files", "vm", "2", "--out", _bench["two"]);
        await _bench.OkAsync("files", "vm", "3", "--out", _bench["three"]);

        Assert.Equal(await File.ReadAllBytesAsync(nvram), await ReadAsync("one", "nvram"));
        Assert.Empty(await ReadAsync("one", "vm.xml"));
        Assert.Equal(await File.ReadAllBytesAsync(changed), await ReadAsync("two", "nvram"));
        Assert.Equal(2, Directory.GetFiles(_bench["one"]).Length);
        Assert.Single(Directory.GetFiles(_bench["two"]));
        Assert.False(Directory.Exists(_bench["three"]));
    }

    [Fact]
    public async Task Show_and_files_tell_names_lengths_and_hashes()
    {
        var nvram = _bench.Noise("nvram", 300, 2);
        await _bench.OkAsync("ingest", "vm", _bench.Noise("d.raw", 4096, 1), "--file", nvram);
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(nvram)));

        var shown = (await _bench.JsonAsync("show", "vm", "latest")).GetProperty("files")[0];
        Assert.Equal("nvram", shown.GetProperty("name").GetString());
        Assert.Equal(300, shown.GetProperty("lengthBytes").GetInt64());
        Assert.Equal(hash, shown.GetProperty("sha256").GetString());
        var listed = await _bench.JsonAsync("files", "vm", "latest");
        Assert.Equal(1, listed.GetProperty("version").GetInt32());
        Assert.Equal(hash, listed.GetProperty("files")[0].GetProperty("sha256").GetString());
        Assert.Contains(hash, (await _bench.OkAsync("show", "vm", "1")).Text, StringComparison.Ordinal);
        Assert.Contains(
            $"{hash}  nvram  300 bytes", (await _bench.OkAsync("files", "vm", "1")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_where_one_of_the_files_is_there_already()
    {
        var path = _bench.Noise("b", 50, 2);
        await _bench.OkAsync(
            "ingest", "vm", _bench.Noise("d.raw", 4096, 1), "--file", $"a={path}", "--file", path);
        Directory.CreateDirectory(_bench["out"]);
        await File.WriteAllTextAsync(Path.Combine(_bench["out"], "b"), "mine");

        var refused = await _bench.RunAsync("files", "vm", "1", "--out", _bench["out"]);
        Assert.Equal(ExitCodes.Refused, refused.Exit);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_bench["out"], "b")));
        Assert.Single(Directory.GetFiles(_bench["out"]));

        await _bench.OkAsync("files", "vm", "1", "a", "--out", _bench["out"]);
        Assert.Equal(2, Directory.GetFiles(_bench["out"]).Length);
        await _bench.OkAsync("files", "vm", "1", "--out", _bench["out"], "--overwrite");
        Assert.Equal(await File.ReadAllBytesAsync(path), await ReadAsync("out", "b"));
    }

    [Fact]
    public async Task A_link_in_the_folder_is_not_written_through()
    {
        var path = _bench.Noise("b", 50, 2);
        await _bench.OkAsync("ingest", "vm", _bench.Noise("d.raw", 4096, 1), "--file", path);
        Directory.CreateDirectory(_bench["out"]);
        var outside = _bench["outside"];
        File.CreateSymbolicLink(Path.Combine(_bench["out"], "b"), outside);

        var refused = await _bench.RunAsync("files", "vm", "1", "--out", _bench["out"]);
        Assert.Equal(ExitCodes.Refused, refused.Exit);
        await _bench.OkAsync("files", "vm", "1", "--out", _bench["out"], "--overwrite");
        Assert.False(File.Exists(outside));
        Assert.Equal(await File.ReadAllBytesAsync(path), await ReadAsync("out", "b"));
    }

    [Theory]
    [InlineData("NVRAM", "refused-name")]
    [InlineData(".hidden", "refused-name")]
    [InlineData("a_b", "refused-name")]
    public async Task A_file_that_no_version_can_name_is_refused(string name, string code)
    {
        var path = _bench.Noise(name, 50, 2);
        var refused = await _bench.RunAsync(
            "ingest", "vm", _bench.Noise("d.raw", 4096, 1), "--file", path, "--json");
        Assert.Equal(ExitCodes.Refused, refused.Exit);
        Assert.Equal(
            code, refused.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Files_that_are_not_there_or_too_long_are_told_and_make_no_version()
    {
        var disk = _bench.Noise("d.raw", 4096, 1);
        var missing = await _bench.RunAsync("ingest", "vm", disk, "--file", _bench["none"]);
        Assert.Equal(ExitCodes.NotFound, missing.Exit);
        await using (var big = File.Create(_bench["big"])) big.SetLength((16 << 20) + 1);
        var tooLong = await _bench.RunAsync(
            "ingest", "vm", disk, "--file", _bench["big"], "--json");
        Assert.Equal(
            "refused-file-size",
            tooLong.Json.GetProperty("error").GetProperty("code").GetString());
        await _bench.OkAsync("ingest", "vm", disk);
        var unknown = await _bench.RunAsync("files", "vm", "1", "nvram");
        Assert.Equal(ExitCodes.NotFound, unknown.Exit);
        Assert.Contains("none", unknown.Error, StringComparison.Ordinal);
    }

    private Task<byte[]> ReadAsync(string folder, string name) =>
        File.ReadAllBytesAsync(Path.Combine(_bench[folder], name));
}
