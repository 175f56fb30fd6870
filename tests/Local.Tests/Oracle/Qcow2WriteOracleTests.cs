using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Local.Files;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>What this product writes as qcow2 is sound and equal in qemu-img's eyes.</summary>
[Trait("Category", "Oracle")]
public sealed class Qcow2WriteOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(65536)]
    [InlineData(9_000_001)]
    [InlineData(33 << 20)]
    public async Task A_written_image_passes_qemu_img_check_and_compare(int lengthBytes)
    {
        await File.WriteAllBytesAsync(_folder["a.raw"], DiskContent.Sample(lengthBytes, 5));
        await CheckAsync();
    }

    [Fact]
    public async Task A_sparse_disk_over_many_tables_stays_sparse_and_sound()
    {
        // 5 GiB: ten L2 tables' reach, most of them without a table.
        using (var file = File.OpenHandle(
            _folder["a.raw"], FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var noise = DiskContent.Sample(300_000, 1);
            foreach (var at in new[] { 0L, (512L << 20) - 70_000, 3L << 30, (5L << 30) - 300_000 })
                RandomAccess.Write(file, noise, at);
        }

        await CheckAsync();
        Assert.InRange(new FileInfo(_folder["a.qcow2"]).Length, 1_000_000, 2_500_000);
    }

    [Fact]
    public async Task A_disk_without_content_is_written_as_a_sound_image()
    {
        using (var file = File.OpenHandle(
            _folder["a.raw"], FileMode.CreateNew, FileAccess.ReadWrite))
            RandomAccess.SetLength(file, 1L << 40);
        await CheckAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task CheckAsync()
    {
        await using (var image = await ImageOpener.OpenAsync(
            new FileByteSource(_folder["a.raw"]), ImageOpener.Raw))
        await using (var file = File.Create(_folder["a.qcow2"]))
            await Qcow2Writer.WriteAsync(file, image);
        var said = await OutsideTool.RunAsync("qemu-img", "check", _folder["a.qcow2"]);
        Assert.Contains("No errors were found", said, StringComparison.Ordinal);
        await OutsideTool.RunAsync(
            "qemu-img", "compare", "-f", "raw", "-F", "qcow2",
            _folder["a.raw"], _folder["a.qcow2"]);
    }
}
