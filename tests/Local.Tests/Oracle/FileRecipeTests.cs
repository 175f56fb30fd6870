using System.Security.Cryptography;
using SnapshotFunctions.LocalTests.Commands;
using SnapshotFunctions.LocalTests.Mounting;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>The manual's recipe: one file out of a version, through the mount, without root.</summary>
[Trait("Category", "Oracle")]
public sealed class FileRecipeTests : IDisposable
{
    private readonly CommandBench _bench = new();

    [Fact]
    public async Task One_file_is_taken_from_an_ext4_version()
    {
        var source = await BeginAsync("ext4.raw", 64 << 20);
        await OutsideTool.RunAsync("mkfs.ext4", "-q", "-F", _bench["ext4.raw"]);
        await OutsideTool.RunAsync(
            "debugfs", "-w", "-R", $"write {source} report.bin", _bench["ext4.raw"]);
        await _bench.OkAsync("ingest", "web", _bench["ext4.raw"]);
        await using var mount = await MountProcess.StartAsync(_bench, "web", "1");
        await OutsideTool.RunAsync("nbdcopy", mount.Uri, _bench["disk.raw"]);
        await OutsideTool.RunAsync(
            "debugfs", "-R", $"dump /report.bin {_bench["out.bin"]}", _bench["disk.raw"]);
        await SameAsync(source);
    }

    [Fact]
    public async Task One_file_is_taken_from_an_ntfs_version()
    {
        var source = await BeginAsync("ntfs.raw", 64 << 20);
        await OutsideTool.RunAsync("mkntfs", "-q", "-F", "-f", _bench["ntfs.raw"]);
        await OutsideTool.RunAsync("ntfscp", _bench["ntfs.raw"], source, "report.bin");
        await _bench.OkAsync("ingest", "web", _bench["ntfs.raw"]);
        await using var mount = await MountProcess.StartAsync(_bench, "web", "1");
        await OutsideTool.RunAsync("nbdcopy", mount.Uri, _bench["disk.raw"]);
        await OutsideTool.RunAsync(
            "sh", "-c", $"ntfscat '{_bench["disk.raw"]}' report.bin > '{_bench["out.bin"]}'");
        await SameAsync(source);
    }

    public void Dispose() => _bench.Dispose();

    private async Task<string> BeginAsync(string disk, long sizeBytes)
    {
        await using (var file = File.Create(_bench[disk])) file.SetLength(sizeBytes);
        return _bench.Noise("report.bin", 1_234_567, 8);
    }

    private async Task SameAsync(string source) => Assert.Equal(
        SHA256.HashData(await File.ReadAllBytesAsync(source)),
        SHA256.HashData(await File.ReadAllBytesAsync(_bench["out.bin"])));
}
