using System.IO.Compression;
using System.Security.Cryptography;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>
/// Chains of differencing images of another writer, taken in and given back; tests/data/images
/// tells which.
/// </summary>
public sealed class ImageChainTests : IDisposable
{
    private readonly CommandBench _bench = new();

    [Theory]
    [InlineData("vhd", "d5700cf5d68a9213b310d44995e67705ca6a64ec76f65198496243a0b7b45613")]
    [InlineData("vhdx", "440879c68a63003070e4106f3f3eeddeac894ce9dad4d117c685cf8328ad1b98")]
    public async Task A_chain_is_taken_in_by_its_identifiers_and_given_back(
        string format, string sha256)
    {
        var images = new[] { "base", "child1", "child2" }.Select(n => Unzip($"{n}.{format}"))
            .ToArray();
        await _bench.OkAsync("ingest", "web", images[0]);
        var ids = await Task.WhenAll(images.Select(i => _bench.JsonAsync("inspect", i)));
        var wrong = await _bench.RunAsync("ingest", "web", $"disk0={images[2]}");
        Assert.Equal(ExitCodes.Refused, wrong.Exit);
        Assert.Contains(ids[2].GetProperty("parentIds")[0].GetString()!, wrong.Error,
            StringComparison.Ordinal);
        Assert.Contains(ids[0].GetProperty("id").GetString()!, wrong.Error,
            StringComparison.Ordinal);
        await _bench.OkAsync("ingest", "web", $"disk0={images[1]}");
        await _bench.OkAsync("ingest", "web", $"disk0={images[2]}");

        var path = _bench["disk.raw"];
        await _bench.OkAsync("restore", "web", "3", "--out", path);
        Assert.Equal(
            sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
        foreach (var name in new[] { "vhd", "vhd-dynamic", "vhdx", "qcow2" })
        {
            var written = _bench[$"{name}.img"];
            await _bench.OkAsync("restore", "web", "3", "--format", name, "--out", written);
            var machine = $"from-{name}";
            await _bench.OkAsync("ingest", machine, written);
            await _bench.OkAsync("restore", machine, "1", "--out", path, "--overwrite");
            var back = (await File.ReadAllBytesAsync(path)).AsMemory(
                0, (int)ids[2].GetProperty("sizeBytes").GetInt64());
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(back.Span)));
        }
    }

    public void Dispose() => _bench.Dispose();

    private string Unzip(string name)
    {
        using var zipped = new GZipStream(
            File.OpenRead(Path.Combine(Repository.Root, "tests", "data", "images", name + ".gz")),
            CompressionMode.Decompress);
        using var file = File.Create(_bench[name]);
        zipped.CopyTo(file);
        return file.Name;
    }
}
