using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>What this product reads from a VMDK is what qemu-img and libvmdk read.</summary>
[Trait("Category", "Oracle")]
public sealed class VmdkReadOracleTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("monolithicSparse", 9_000_448)]
    [InlineData("monolithicSparse", 8 << 20)]
    [InlineData("monolithicSparse,zeroed_grain=on", 9_000_448)]
    [InlineData("monolithicFlat", 9_000_448)]
    [InlineData("monolithicFlat", 8 << 20)]
    [InlineData("twoGbMaxExtentSparse", 9_000_448)]
    [InlineData("twoGbMaxExtentSparse,zeroed_grain=on", 8 << 20)]
    [InlineData("twoGbMaxExtentFlat", 9_000_448)]
    [InlineData("streamOptimized", 9_000_448)]
    [InlineData("streamOptimized", 9_000_001)]
    [InlineData("streamOptimized", 8 << 20)]
    [InlineData("monolithicSparse,compat6=on", 5_000_192)]
    [InlineData("monolithicSparse,adapter_type=lsilogic", 33 << 20)]
    public async Task An_image_reads_as_qemu_img_and_libvmdk_read_it(string options, int lengthBytes)
    {
        const int Seed = 20_262;
        output.WriteLine($"seed {Seed}");
        var made = DiskContent.Sample(lengthBytes, Seed);
        await File.WriteAllBytesAsync(_folder["made.raw"], made);
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", $"subformat={options}",
            _folder["made.raw"], _folder["a.vmdk"]);
        await CompareAsync("a.vmdk", options);
        var ours = await DiskContent.OfChainAsync(1 << 20, _folder["a.vmdk"]);
        Assert.True(ours.Length >= lengthBytes);
        Assert.Null(DiskContent.Difference(made, ours[..lengthBytes]));
        if (options is "streamOptimized")
            return;
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "vmdk", "-c", "write -P 0x5a 70144 512",
            "-c", "write -P 0x21 1048576 65536", "-c", "write -z 3014656 327680",
            _folder["a.vmdk"]);
        await CompareAsync("a.vmdk", options);
    }

    [Fact]
    public async Task A_split_disk_of_more_than_2_GiB_reads_as_qemu_img_reads_it()
    {
        foreach (var type in new[] { "twoGbMaxExtentSparse", "twoGbMaxExtentFlat" })
        {
            var path = _folder[$"{type}.vmdk"];
            await OutsideTool.RunAsync(
                "qemu-img", "create", "-f", "vmdk", "-o", $"subformat={type}", path, "4608M");
            await OutsideTool.RunAsync(
                "qemu-io", "-f", "vmdk", "-c", "write -P 7 2147418112 131072",
                "-c", "write -P 9 4831772672 65536", "-c", "write -P 8 4294901760 131072", path);
            await OutsideTool.RunAsync(
                "qemu-img", "convert", "-f", "vmdk", "-O", "raw", path, _folder["theirs.raw"]);
            await using var ours = await Engine.Disks.ImageOpener.OpenAsync(
                new Local.Files.FileByteSource(path));
            using var theirs = File.OpenHandle(_folder["theirs.raw"]);
            Assert.Equal(RandomAccess.GetLength(theirs), ours.SizeBytes);
            var (expected, found) = (new byte[1 << 20], new byte[1 << 20]);
            foreach (var at in new[] { 0L, (2L << 30) - 500_000, (4L << 30) - 500_000,
                ours.SizeBytes - (1 << 20) })
            {
                Assert.Equal(expected.Length, RandomAccess.Read(theirs, expected, at));
                await ours.ReadAsync(at, found);
                Assert.Null(DiskContent.Difference(expected, found));
            }
        }
    }

    [Fact]
    public async Task A_delta_laid_over_its_base_reads_as_qemu_img_reads_the_chain()
    {
        await File.WriteAllBytesAsync(_folder["made.raw"], DiskContent.Sample(8 << 20, 7));
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-O", "vmdk", _folder["made.raw"], _folder["a.vmdk"]);
        await OutsideTool.RunAsync(
            "qemu-img", "create", "-f", "vmdk", "-F", "vmdk", "-b", _folder["a.vmdk"],
            "-o", "zeroed_grain=on", _folder["b.vmdk"]);
        await OutsideTool.RunAsync(
            "qemu-io", "-f", "vmdk", "-c", "write -P 0x11 100352 30208",
            "-c", "write -z 262144 262144", "-c", "write -P 0x77 4194304 1048576",
            _folder["b.vmdk"]);
        await CompareAsync(null, ["a.vmdk", "b.vmdk"]);
        await using var child = await Engine.Disks.ImageOpener.OpenAsync(
            new Local.Files.FileByteSource(_folder["b.vmdk"]));
        await using var parent = await Engine.Disks.ImageOpener.OpenAsync(
            new Local.Files.FileByteSource(_folder["a.vmdk"]));
        Assert.Equal([parent.Identity.Id!], child.Identity.ParentIds);
    }

    [Fact]
    public async Task A_sparse_extent_of_ESX_reads_as_qemu_img_reads_it()
    {
        var extent = new VmdkBuilder { Sectors = 40_960, IsEsx = true, TableEntries = 4096 };
        foreach (var grain in new[] { 0, 1, 77, 4095, 4096, 5119 })
            extent.Grain(grain, DiskContent.Sample(4096, grain + 1));
        await File.WriteAllBytesAsync(_folder["a-delta.vmdk"], extent.Build());
        await File.WriteAllTextAsync(_folder["a.vmdk"], VmdkBuilder.Text(
            "vmfsSparse", "RW 40960 VMFSSPARSE \"a-delta.vmdk\""));
        await CompareAsync(null, ["a.vmdk"]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>libvmdk takes the entry 1 of a grain of zeros for a place in the file.</summary>
    private Task CompareAsync(string name, string options) => CompareAsync(
        options.Contains("zeroed_grain", StringComparison.Ordinal) ? null : name, [name]);

    private async Task CompareAsync(string? forVmdk, string[] chain)
    {
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "vmdk", "-O", "raw", _folder[chain[^1]],
            _folder["qemu.raw"]);
        if (forVmdk is not null)
            await OutsideTool.RunAsync(
                "/usr/bin/python3", "-c",
                "import pyvmdk,sys\n"
                + "f=pyvmdk.handle(); f.open(sys.argv[1]); f.open_extent_data_files()\n"
                + "open(sys.argv[2],'wb').write(f.read(f.get_media_size()))",
                _folder[forVmdk], _folder["vmdk.raw"]);
        foreach (var theirs in forVmdk is null ? new[] { "qemu.raw" } : ["qemu.raw", "vmdk.raw"])
        {
            var expected = await File.ReadAllBytesAsync(_folder[theirs]);
            foreach (var readBytes in new[] { 4096, 65536, 777_777, 64 << 20 })
            {
                var ours = await DiskContent.OfChainAsync(
                    readBytes, [.. chain.Select(c => _folder[c])]);
                Assert.Null(DiskContent.Difference(expected, ours));
            }
        }
    }
}
