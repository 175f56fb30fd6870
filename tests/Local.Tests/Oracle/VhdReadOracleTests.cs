using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>What this product reads from a VHD or VHDX is what qemu-img and libvhdi read.</summary>
[Trait("Category", "Oracle")]
public sealed class VhdReadOracleTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("vpc", "subformat=dynamic", 9_000_001)]
    [InlineData("vpc", "subformat=dynamic", 6 << 20)]
    [InlineData("vpc", "subformat=dynamic,force_size=on", 9_000_001)]
    [InlineData("vpc", "subformat=dynamic,force_size=on", 6 << 20)]
    [InlineData("vpc", "subformat=fixed", 9_000_001)]
    [InlineData("vpc", "subformat=fixed,force_size=on", 9_000_001)]
    [InlineData("vpc", "subformat=fixed,force_size=on", 8 << 20)]
    [InlineData("vhdx", "subformat=dynamic", 9_000_001)]
    [InlineData("vhdx", "subformat=dynamic,block_size=1M", 9_000_001)]
    [InlineData("vhdx", "subformat=dynamic,block_size=1M,block_state_zero=off", 9_000_001)]
    [InlineData("vhdx", "subformat=dynamic,block_size=2M,log_size=4M", 8 << 20)]
    [InlineData("vhdx", "subformat=dynamic,block_size=256M", 9_000_001)]
    [InlineData("vhdx", "subformat=fixed", 9_000_001)]
    [InlineData("vhdx", "subformat=fixed,block_size=1M", 8 << 20)]
    public async Task An_image_reads_as_qemu_img_and_libvhdi_read_it(
        string format, string options, int lengthBytes)
    {
        const int Seed = 20_261;
        output.WriteLine($"seed {Seed}");
        var made = DiskContent.Sample(lengthBytes, Seed);
        await File.WriteAllBytesAsync(_folder["made.raw"], made);
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", "raw", "-O", format, "-o", options,
            _folder["made.raw"], _folder["a.img"]);
        await CompareAsync(format, "a.img");
        var ours = await DiskContent.OfChainAsync(1 << 20, _folder["a.img"]);
        Assert.True(ours.Length >= lengthBytes);
        Assert.Null(DiskContent.Difference(made, ours[..lengthBytes]));
        Assert.False(ours.AsSpan(lengthBytes).ContainsAnyExcept((byte)0));

        await OutsideTool.RunAsync(
            "qemu-io", "-f", format, "-c", "write -P 0x5a 70144 512",
            "-c", "write -P 0x21 1048576 65536", "-c", "write -P 0 3000320 400384",
            _folder["a.img"]);
        await CompareAsync(format, "a.img");
    }

    /// <summary>qemu-img of this age reads no such sectors; the file is a builder's.</summary>
    [Fact]
    public async Task A_VHDX_of_4_KiB_sectors_reads_as_libvhdi_reads_it()
    {
        const long MiB = 1 << 20;
        var builder = new VhdxBuilder { SectorBytes = 4096, SizeBytes = 5000 * MiB };
        foreach (var block in new[] { 0, 3, 4095, 4096, 4500, 4999 })
            builder.Block(block, 6, DiskContent.Sample((int)MiB, block + 1));
        await File.WriteAllBytesAsync(_folder["a.vhdx"], builder.Build());
        await OutsideTool.RunAsync(
            "/usr/bin/python3", "-c",
            "import pyvhdi,sys\n"
            + "f=pyvhdi.file(); f.open(sys.argv[1]); o=open(sys.argv[2],'wb')\n"
            + "assert f.get_media_size() == 5000 << 20\n"
            + "for b in map(int, sys.argv[3:]):\n"
            + " f.seek(b << 20); o.write(f.read(1 << 20))",
            _folder["a.vhdx"], _folder["vhdi.raw"], "0", "1", "3", "4095", "4096", "4097", "4500",
            "4501", "4999");
        await using var image = await Engine.Disks.ImageOpener.OpenAsync(
            new Local.Files.FileByteSource(_folder["a.vhdx"]));
        var ours = new byte[9 * MiB];
        var at = 0;
        foreach (var block in new[] { 0, 1, 3, 4095, 4096, 4097, 4500, 4501, 4999 })
        {
            await image.ReadAsync(block * MiB, ours.AsMemory(at, (int)MiB));
            at += (int)MiB;
        }

        Assert.Null(DiskContent.Difference(
            await File.ReadAllBytesAsync(_folder["vhdi.raw"]), ours));
    }

    public void Dispose() => _folder.Dispose();

    private async Task CompareAsync(string format, string name)
    {
        await OutsideTool.RunAsync(
            "qemu-img", "convert", "-f", format, "-O", "raw", _folder[name], _folder["qemu.raw"]);
        await OutsideTool.RunAsync(
            "/usr/bin/python3", "-c",
            "import pyvhdi,sys\n"
            + "f=pyvhdi.file(); f.open(sys.argv[1])\n"
            + "open(sys.argv[2],'wb').write(f.read(f.get_media_size()))",
            _folder[name], _folder["vhdi.raw"]);
        foreach (var theirs in new[] { "qemu.raw", "vhdi.raw" })
        {
            var expected = await File.ReadAllBytesAsync(_folder[theirs]);
            foreach (var readBytes in new[] { 4096, 65536, 777_777, 64 << 20 })
            {
                var ours = await DiskContent.OfChainAsync(readBytes, _folder[name]);
                Assert.Null(DiskContent.Difference(expected, ours));
            }
        }
    }
}
