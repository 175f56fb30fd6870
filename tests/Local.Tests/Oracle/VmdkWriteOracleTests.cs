using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>A written VMDK is sound and equal in qemu-img's and libvmdk's eyes.</summary>
[Trait("Category", "Oracle")]
public sealed class VmdkWriteOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(9_000_001)]
    [InlineData(8 << 20)]
    [InlineData(65 << 20)]
    public async Task A_written_stream_is_sound_and_equal(int lengthBytes)
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], DiskContent.Sample(lengthBytes, 6));
        await CheckAsync();
        var rounded = (lengthBytes + 511) / 512 * 512;
        await OutsideTool.RunAsync(
            "/usr/bin/python3", "-c",
            """
            import pyvmdk, sys
            f = pyvmdk.handle(); f.open(sys.argv[1]); f.open_extent_data_files()
            want = open(sys.argv[2], 'rb').read()
            got = f.read(f.get_media_size())
            assert got[:len(want)] == want and not any(got[len(want):])
            assert len(got) == int(sys.argv[3]), len(got)
            """,
            _folder["disk.vmdk"], _folder["a.raw"], $"{rounded}");
    }

    [Fact]
    public async Task A_large_sparse_disk_stays_sparse_and_sound()
    {
        using (var file = File.OpenHandle(
            _folder["a.raw"], FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var noise = DiskContent.Sample(300_000, 1);
            foreach (var at in new[] { 0L, (4L << 30) - 70_000, 50L << 30, (65L << 30) - 300_000 })
                RandomAccess.Write(file, noise, at);
        }

        await CheckAsync();
        Assert.InRange(new FileInfo(_folder["disk.vmdk"]).Length, 100_000, 2 << 20);
    }

    public void Dispose() => _folder.Dispose();

    private async Task CheckAsync()
    {
        await using (var raw = await ImageOpener.OpenAsync(
            new FileByteSource(_folder["a.raw"]), ImageOpener.Raw))
        await using (var file = File.Create(_folder["disk.vmdk"]))
            await VmdkStreamWriter.WriteAsync(file, new ExportDisk(
                raw.SizeBytes, Hash256.Zero, raw.ReadAsync, raw.ExtentsAsync));
        var said = await OutsideTool.RunAsync(
            "qemu-img", "check", "-f", "vmdk", _folder["disk.vmdk"]);
        Assert.Contains("No errors were found", said, StringComparison.Ordinal);
        await OutsideTool.RunAsync(
            "qemu-img", "compare", "-f", "raw", "-F", "vmdk", _folder["a.raw"],
            _folder["disk.vmdk"]);
        var info = await OutsideTool.RunAsync("vmdkinfo", _folder["disk.vmdk"]);
        Assert.Contains("Stream optimized", info, StringComparison.OrdinalIgnoreCase);
    }
}
