using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class ImageOpenerTests
{
    [Fact]
    public async Task An_seSparse_extent_is_refused_by_name_whatever_it_is_called()
    {
        var file = new byte[8192];
        BinaryPrimitives.WriteUInt64LittleEndian(file, 0xCAFEBABE);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(8), 0x0000_0002_0000_0001);
        foreach (var format in new[] { "vmdk", null })
        {
            var e = await Assert.ThrowsAsync<InvalidImageException>(
                async () => await ImageOpener.OpenAsync(new MemoryByteSource(file), format));
            Assert.Equal("unsupported", e.Reason);
            Assert.Contains("an seSparse extent", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("QED\0", 0, "a qed image")]
    [InlineData("\x7f\x10\xda\xbe", 64, "a vdi image")]
    [InlineData("WithoutFreeSpace", 0, "a parallels image")]
    [InlineData("WithouFreSpacExt", 0, "a parallels image")]
    [InlineData("QFI\xfb\0\0\0\x01", 0, "a qcow image")]
    public async Task A_format_that_is_not_read_is_refused_by_its_name(
        string magic, int offset, string words)
    {
        var file = new byte[10_000];
        Encoding.Latin1.GetBytes(magic).CopyTo(file, offset);
        var source = new MemoryByteSource(file);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await ImageOpener.OpenAsync(source));
        Assert.Equal("unsupported", e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.True(source.IsDisposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_488)]
    public async Task A_VHD_is_known_by_its_footer_at_either_end(int offset)
    {
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await ImageOpener.OpenAsync(new MemoryByteSource(WithFooter(offset))));
        Assert.Equal("unsupported", e.Reason);
        Assert.Contains("expected VHD version 1.0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_VHD_cookie_without_its_checksum_is_only_content()
    {
        var file = WithFooter(9_488);
        file[9_600] ^= 1;
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        Assert.Equal("raw", image.Format);
    }

    [Fact]
    public async Task An_empty_file_is_refused_whatever_it_is_called()
    {
        foreach (var format in new[] { null, "raw", "qcow2" })
        {
            var e = await Assert.ThrowsAsync<InvalidImageException>(
                async () => await ImageOpener.OpenAsync(new MemoryByteSource([]), format));
            Assert.Equal("empty", e.Reason);
        }
    }

    [Fact]
    public async Task A_disk_known_to_be_raw_is_not_mistaken_for_what_its_guest_wrote()
    {
        var file = new Qcow2Builder().Data(1, new byte[4096]).Build();
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(file), ImageOpener.Raw);
        Assert.Equal("raw", image.Format);
        Assert.Equal(file, await DiskBytes.ReadAsync(image, 0, file.Length));
    }

    [Fact]
    public async Task A_file_of_another_format_than_its_name_says_is_refused()
    {
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await ImageOpener.OpenAsync(new MemoryByteSource(new byte[99]), "qcow2"));
        Assert.Equal("other-format", e.Reason);
    }

    [Fact]
    public async Task Anything_else_is_raw_of_any_length_and_owns_its_source()
    {
        foreach (var length in new[] { 1, 3, 511, 513, 4097 })
        {
            var source = new MemoryByteSource(DiskBytes.Noise(length, length));
            await using (var image = await ImageOpener.OpenAsync(source))
            {
                Assert.Equal("raw", image.Format);
                Assert.Equal(length, image.SizeBytes);
                Assert.Equal(
                    DiskBytes.Noise(length, length), await DiskBytes.ReadAsync(image, 0, length));
            }

            Assert.True(source.IsDisposed);
        }
    }

    [Fact]
    public async Task The_holes_of_a_raw_disk_are_zeros()
    {
        var file = new byte[20_001];
        file[5000] = 1;
        file[20_000] = 2;
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        Assert.Equal(
            [
                new(new(0, 4096), ExtentKind.Zero),
                new(new(4096, 8192), ExtentKind.Data),
                new(new(8192, 16384), ExtentKind.Zero),
                new(new(16384, 20_001), ExtentKind.Data),
            ],
            await DiskBytes.ExtentsAsync(image));
    }

    [Fact]
    public async Task A_raw_file_of_more_than_64_TiB_is_refused()
    {
        var source = new MemoryByteSource([1], (64L << 40) + 1);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await ImageOpener.OpenAsync(source));
        Assert.Equal("too-large", e.Reason);
    }

    private static byte[] WithFooter(int offset)
    {
        var file = new byte[10_000];
        "conectix"u8.CopyTo(file.AsSpan(offset));
        file[offset + 100] = 77;
        var sum = file.AsSpan(offset, 512).ToArray().Aggregate(0U, (all, one) => all + one);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset + 64), ~sum);
        return file;
    }
}
