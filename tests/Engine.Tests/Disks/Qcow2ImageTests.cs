using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class Qcow2ImageTests
{
    private const int Cluster = 4096;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Stored_and_compressed_clusters_read_as_they_were_built(
        int version, bool zstd)
    {
        var (noise, text) = (DiskBytes.Noise(Cluster, 1), DiskBytes.Text(Cluster, 2));
        await using var image = await OpenAsync(
            new Qcow2Builder { Version = version, Zstd = zstd }
                .Data(1, noise).Compressed(3, text).Compressed(250, noise));
        Assert.Equal(noise, await DiskBytes.ReadAsync(image, Cluster, Cluster));
        Assert.Equal(text, await DiskBytes.ReadAsync(image, 3 * Cluster, Cluster));
        Assert.Equal(noise[100..300], await DiskBytes.ReadAsync(image, (250 * Cluster) + 100, 200));
        Assert.Equal(new byte[Cluster], await DiskBytes.ReadAsync(image, 0, Cluster));
        byte[] mixed = [.. noise[4000..], .. new byte[Cluster], .. text[..96]];
        Assert.Equal(
            mixed, await DiskBytes.ReadAsync(image, Cluster + 4000, Cluster + 192));
    }

    [Fact]
    public async Task Extents_tell_data_zeros_and_the_parents_part_apart()
    {
        await using var image = await OpenAsync(
            new Qcow2Builder { Backing = "base.qcow2", SizeBytes = (8 * Cluster) - 100 }
                .Data(1, new byte[Cluster]).Compressed(2, new byte[Cluster])
                .Entry(3, 1).Entry(4, 0x1_0001));
        Assert.True(image.HasParent);
        Assert.Equal("base.qcow2", image.ParentHint);
        Assert.Equal(
            [
                new(new(0, Cluster), ExtentKind.Parent),
                new(new(Cluster, 3 * Cluster), ExtentKind.Data),
                new(new(3 * Cluster, 5 * Cluster), ExtentKind.Zero),
                new(new(5 * Cluster, (8 * Cluster) - 100), ExtentKind.Parent),
            ],
            await DiskBytes.ExtentsAsync(image));
        Assert.Equal(
            [
                new(new(5000, 3 * Cluster), ExtentKind.Data),
                new(new(3 * Cluster, 13_000), ExtentKind.Zero),
            ],
            await DiskBytes.ExtentsAsync(image, new(5000, 13_000)));
    }

    [Fact]
    public async Task Without_a_backing_file_what_is_not_mapped_is_zero()
    {
        await using var image = await OpenAsync(new Qcow2Builder().Entry(3, 1));
        Assert.False(image.HasParent);
        Assert.Equal(
            [new(new(0, 1 << 20), ExtentKind.Zero)], await DiskBytes.ExtentsAsync(image));
    }

    [Fact]
    public async Task Subclusters_are_data_zeros_or_the_parents_each_by_itself()
    {
        var content = DiskBytes.Noise(16384, 4);
        await using var image = await OpenAsync(
            new Qcow2Builder
            {
                ClusterBits = 14, Subclusters = true, Backing = "b", SizeBytes = 3 * 16384,
            }.Data(1, content, 0x4_0000_0003).Entry(2, 0, 0x1_0000_0000));
        Assert.Equal(
            [
                new(new(0, 16384), ExtentKind.Parent),
                new(new(16384, 16384 + 1024), ExtentKind.Data),
                new(new(16384 + 1024, 16384 + 1536), ExtentKind.Zero),
                new(new(16384 + 1536, 32768), ExtentKind.Parent),
                new(new(32768, 32768 + 512), ExtentKind.Zero),
                new(new(32768 + 512, 3 * 16384), ExtentKind.Parent),
            ],
            await DiskBytes.ExtentsAsync(image));
        Assert.Equal(content[700..1024], await DiskBytes.ReadAsync(image, 16384 + 700, 324));
        Assert.Equal(new byte[512], await DiskBytes.ReadAsync(image, 16384 + 1024, 512));
    }

    [Fact]
    public async Task The_last_clusters_missing_tail_reads_as_zeros()
    {
        var content = DiskBytes.Noise(Cluster, 5);
        var file = new Qcow2Builder().Data(7, content).Build();
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(file[..^1000]));
        byte[] cut = [.. content[..^1000], .. new byte[1000]];
        Assert.Equal(
            cut, await DiskBytes.ReadAsync(image, 7 * Cluster, Cluster));
    }

    [Fact]
    public async Task Clusters_that_lie_together_in_the_file_are_read_at_once()
    {
        // 2,000 clusters: the run goes on over the border of two L2 tables.
        var builder = new Qcow2Builder { ClusterBits = 9, SizeBytes = 1 << 20 };
        var content = DiskBytes.Noise(2000 * 512, 6);
        for (var i = 0; i < 2000; i++)
            builder.Data(i, content[(i * 512)..((i + 1) * 512)]);
        var source = new MemoryByteSource(builder.Build());
        await using var image = await ImageOpener.OpenAsync(source);
        _ = await DiskBytes.ExtentsAsync(image);
        var before = source.Reads;
        Assert.Equal(content, await DiskBytes.ReadAsync(image, 0, content.Length));
        Assert.Equal(1, source.Reads - before);
    }

    [Fact]
    public async Task Compressed_neighbours_are_fetched_at_once_and_unpacked_once()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 4 << 20, Zstd = true };
        var content = DiskBytes.Text(8 << 16, 7);
        for (var i = 0; i < 8; i++)
            builder.Compressed(i, content[(i << 16)..((i + 1) << 16)]);
        var source = new MemoryByteSource(builder.Build());
        await using var image = await ImageOpener.OpenAsync(source);
        _ = await DiskBytes.ExtentsAsync(image);
        var before = source.Reads;
        Assert.Equal(content, await DiskBytes.ReadAsync(image, 0, content.Length));
        Assert.Equal(1, source.Reads - before);
        before = source.Reads;
        for (var at = 0; at < content.Length; at += 4096)
            Assert.Equal(content[at..(at + 4096)], await DiskBytes.ReadAsync(image, at, 4096));
        Assert.Equal(8, source.Reads - before);
    }

    [Fact]
    public async Task A_disk_of_64_TiB_opens_and_is_walked_in_little_memory()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 64L << 40 };
        builder.Data((64L << 24) - 1, DiskBytes.Noise(65536, 8)).Entry(1L << 29, 1);
        var source = new MemoryByteSource(builder.Build());
        var before = GC.GetAllocatedBytesForCurrentThread();
        await using var image = await ImageOpener.OpenAsync(source);
        var opened = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(opened, 0, 200_000);
        var survey = await ImageSurvey.RunAsync(image, 8L << 30);
        var walked = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(walked, 0, 4 << 20);
        Assert.Equal(65536, survey.DataBytes);
        Assert.Equal([new ShardRange(8191, 8192)], survey.DataShards);
        Assert.Equal(
            DiskBytes.Noise(65536, 8),
            await DiskBytes.ReadAsync(image, (64L << 40) - 65536, 65536));
    }

    [Fact]
    public async Task Reads_side_by_side_see_the_same_disk()
    {
        var builder = new Qcow2Builder { ClusterBits = 12, SizeBytes = 1 << 20 };
        var content = DiskBytes.Text(1 << 20, 9);
        for (var i = 0; i < 256; i++)
        {
            var part = content[(i * Cluster)..((i + 1) * Cluster)];
            _ = i % 3 == 0 ? builder.Data(i, part) : builder.Compressed(i, part);
        }

        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(builder.Build()));
        await Parallel.ForAsync(0, 2000, async (i, _) =>
        {
            var at = (int)((uint)(i * 2654435761) % ((1 << 20) - 9000));
            var length = 1 + (i * 37 % 9000);
            Assert.Equal(
                content[at..(at + length)], await DiskBytes.ReadAsync(image, at, length));
        });
    }

    private static ValueTask<Qcow2Image> OpenAsync(Qcow2Builder builder) =>
        Qcow2Image.OpenAsync(new MemoryByteSource(builder.Build()));
}
