using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Soundness in other tools' eyes is shown by the comparison with qemu-img.</summary>
public sealed class Qcow2WriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(3_000_001)]
    public async Task What_is_written_reads_back_with_its_size_rounded_to_a_sector(int lengthBytes)
    {
        var disk = DiskBytes.Noise(lengthBytes, lengthBytes);
        disk.AsSpan(lengthBytes / 4, lengthBytes / 2).Clear();
        await using var raw = await ImageOpener.OpenAsync(
            new MemoryByteSource(disk), ImageOpener.Raw);
        using var file = new AppendOnlyStream();
        await Qcow2Writer.WriteAsync(file, raw);
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(file.ToArray()), "qcow2");
        Assert.Equal((lengthBytes + 511) / 512 * 512, image.SizeBytes);
        Assert.Equal(disk, await DiskBytes.ReadAsync(image, 0, lengthBytes));
        var tail = (int)(image.SizeBytes - lengthBytes);
        Assert.Equal(new byte[tail], await DiskBytes.ReadAsync(image, lengthBytes, tail));
    }

    [Fact]
    public async Task Zeros_take_no_room()
    {
        await using var raw = await ImageOpener.OpenAsync(
            new MemoryByteSource([1], 40L << 30), ImageOpener.Raw);
        using var file = new AppendOnlyStream();
        await Qcow2Writer.WriteAsync(file, raw);
        // Header, one data cluster, its table, the L1 table, refcount block and refcount table.
        Assert.Equal(6 * 65536, file.ToArray().Length);
    }

    [Fact]
    public async Task An_incremental_cannot_be_written_as_a_standalone_image()
    {
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(
            new Qcow2Builder { Backing = "b" }.Data(1, new byte[4096]).Build()));
        using var file = new AppendOnlyStream();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Qcow2Writer.WriteAsync(file, image));
        Assert.Empty(file.ToArray());
    }

    [Fact]
    public async Task An_image_cut_anywhere_while_it_was_written_is_refused()
    {
        await using var raw = await ImageOpener.OpenAsync(
            new MemoryByteSource(DiskBytes.Noise(200_000, 1)), ImageOpener.Raw);
        using var file = new AppendOnlyStream();
        await Qcow2Writer.WriteAsync(file, raw);
        var whole = file.ToArray();
        for (var length = 4; length <= 6 * 65536; length += 4093)
        {
            var e = await Assert.ThrowsAsync<Engine.Model.InvalidImageException>(async () =>
                await ImageOpener.OpenAsync(new MemoryByteSource(whole[..length])));
            Assert.Equal("truncated", e.Reason);
        }
    }

    /// <summary>A stream that an upload would be: no position, no seeking.</summary>
    private sealed class AppendOnlyStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
