using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class VhdImageTests
{
    private const int Block = 4096;

    [Theory]
    [InlineData("vpc ", 60, 59 * 17 * 2 * 512)]
    [InlineData("qemu", 60, 59 * 17 * 2 * 512)]
    [InlineData("qem2", 60, 1 << 20)]
    [InlineData("win ", 60, 1 << 20)]
    [InlineData("d2v ", 60, 1 << 20)]
    [InlineData("tap\0", 60, 1 << 20)]
    [InlineData("vbox", 60, 1 << 20)]
    [InlineData("vpc ", 0, 1 << 20)]
    public async Task The_size_is_the_geometrys_for_old_makers_and_the_fields_for_others(
        string creator, int cylinders, long sizeBytes)
    {
        await using var image = await OpenAsync(new VhdBuilder
        {
            Creator = creator, Geometry = (Math.Max(0, cylinders - 1), 2, 17),
        }.Block(0, new byte[64 << 10]).Build());
        Assert.Equal(sizeBytes, image.SizeBytes);
        Assert.False(image.HasParent);
    }

    [Fact]
    public async Task Sectors_of_a_differencing_disk_are_its_own_or_its_parents_one_by_one()
    {
        var content = DiskBytes.Noise(Block, 1);
        var parent = new Guid("0a0b0c0d-0e0f-1011-1213-141516171819");
        await using var image = await OpenAsync(new VhdBuilder
        {
            Kind = 4, BlockBytes = Block, SizeBytes = (3 * Block) + 512, ParentId = parent,
            ParentName = @"C:\vms\parent.vhd",
        }.Block(1, content, [0b0110_0001]).Block(2, content).Build());
        Assert.True(image.HasParent);
        Assert.Equal(@"C:\vms\parent.vhd", image.ParentHint);
        Assert.Equal([parent.ToString("D")], image.Identity.ParentIds);
        Assert.Equal(
            [
                new(new(0, Block + 512), ExtentKind.Parent),
                new(new(Block + 512, Block + 1536), ExtentKind.Data),
                new(new(Block + 1536, Block + 3584), ExtentKind.Parent),
                new(new(Block + 3584, 3 * Block), ExtentKind.Data),
                new(new(3 * Block, (3 * Block) + 512), ExtentKind.Parent),
            ],
            await DiskBytes.ExtentsAsync(image));
        byte[] expected =
            [.. new byte[512], .. content[512..1536], .. new byte[2048], .. content[3584..]];
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, Block, Block));
    }

    [Fact]
    public async Task A_parents_name_that_only_a_locator_has_is_read_from_there()
    {
        var built = new VhdBuilder
        {
            Kind = 4, ParentId = new Guid("0a0b0c0d-0e0f-1011-1213-141516171819"),
        }.Build();
        var name = Encoding.Unicode.GetBytes(@"C:\vms\parent.vhd");
        byte[] file = [.. built[..^512], .. name, .. new byte[512 - name.Length], .. built[^512..]];
        var locator = file.AsSpan(VhdBuilder.HeaderAt + 576, 24);
        "W2ku"u8.CopyTo(locator);
        BinaryPrimitives.WriteInt32BigEndian(locator[8..], name.Length);
        BinaryPrimitives.WriteInt64BigEndian(locator[16..], built.Length - 512);
        VhdBuilder.Reseal(file);
        await using (var image = await OpenAsync(file))
            Assert.Equal(@"C:\vms\parent.vhd", image.ParentHint);

        BinaryPrimitives.WriteInt64BigEndian(
            file.AsSpan(VhdBuilder.HeaderAt + 576 + 16), file.Length - name.Length + 1);
        VhdBuilder.Reseal(file);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await OpenAsync(file));
        Assert.Contains("parent locator", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sectors_that_a_dynamic_disks_bitmap_leaves_out_are_zeros()
    {
        var content = DiskBytes.Noise(Block, 2);
        await using var image = await OpenAsync(new VhdBuilder { BlockBytes = Block }
            .Block(1, content, [0b1000_0000]).Build());
        byte[] expected = [.. content[..512], .. new byte[Block - 512]];
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, Block, Block));
    }

    [Fact]
    public async Task A_footer_of_511_bytes_is_read()
    {
        var disk = DiskBytes.Noise(8192, 3);
        var file = new VhdBuilder { Kind = 2, SizeBytes = 8192, Content = disk }.Build();
        await using var image = await OpenAsync(file[..^1], null);
        Assert.Equal("vhd", image.Format);
        Assert.Equal(disk, await DiskBytes.ReadAsync(image, 0, disk.Length));
    }

    [Theory]
    [InlineData(512, "stale-footer")]
    [InlineData(-512, "truncated")]
    public async Task A_fixed_disk_whose_footer_tells_another_size_is_refused(
        int more, string reason)
    {
        var file = new VhdBuilder { Kind = 2, SizeBytes = 8192 }.Build();
        byte[] other = [.. new byte[8192 + more], .. file[^512..]];
        Assert.Equal(reason, await RefusedAsync(other));
    }

    [Fact]
    public async Task A_dynamic_disk_is_read_by_the_copy_when_its_end_is_damaged()
    {
        var file = new VhdBuilder().Block(3, DiskBytes.Noise(64 << 10, 4)).Build();
        file[^400] ^= 1;
        await using var image = await OpenAsync(file);
        Assert.Contains("copy of its footer", image.Description, StringComparison.Ordinal);
        Assert.Equal(
            DiskBytes.Noise(64 << 10, 4),
            await DiskBytes.ReadAsync(image, 3 * (64 << 10), 64 << 10));
    }

    [Fact]
    public async Task What_is_named_a_VHD_and_has_no_right_checksum_is_told_so()
    {
        var file = new VhdBuilder().Build();
        file[100] ^= 1;
        file[^400] ^= 1;
        Assert.Equal("header", await RefusedAsync(file));
        file = new VhdBuilder().Build();
        file[VhdBuilder.HeaderAt + 900] ^= 1;
        Assert.Equal("header", await RefusedAsync(file));
    }

    [Fact]
    public async Task A_fixed_disk_stays_one_whatever_its_guest_writes_first()
    {
        var disk = new byte[8192];
        "QFI\u00fb"u8.CopyTo(disk);
        disk[3] = 0xFB;
        await using var image = await OpenAsync(
            new VhdBuilder { Kind = 2, SizeBytes = 8192, Content = disk }.Build());
        Assert.Equal("vhd", image.Format);
    }

    [Fact]
    public async Task One_block_mapped_everywhere_is_refused()
    {
        var file = new VhdBuilder { BlockBytes = 64 << 10, SizeBytes = 64 << 20 }
            .Block(0, new byte[64 << 10]).Build();
        for (var i = 1; i < 1024; i++)
            file.AsSpan(VhdBuilder.TableAt, 4).CopyTo(file.AsSpan(VhdBuilder.TableAt + (i * 4)));
        Assert.Equal("quota", await RefusedAsync(file));
    }

    [Fact]
    public async Task A_block_beyond_the_file_or_cut_by_its_end_is_refused()
    {
        var file = new VhdBuilder().Block(1, new byte[64 << 10]).Build();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(VhdBuilder.TableAt + 8), 1 << 30);
        Assert.Equal("truncated", await RefusedAsync(file));
        file = new VhdBuilder().Block(1, new byte[64 << 10]).Build();
        Assert.Equal("truncated", await RefusedAsync(file[..^1024]));
    }

    private static ValueTask<IDiskImage> OpenAsync(byte[] file, string? format = "vhd") =>
        ImageOpener.OpenAsync(new MemoryByteSource(file), format);

    private static async Task<string> RefusedAsync(byte[] file)
    {
        var e = await Assert.ThrowsAsync<InvalidImageException>(async () =>
        {
            await using var image = await OpenAsync(file);
            await ImageSurvey.RunAsync(image, 8L << 30);
        });
        return e.Reason;
    }
}
