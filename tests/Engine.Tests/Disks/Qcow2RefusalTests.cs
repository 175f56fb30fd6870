using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class Qcow2RefusalTests
{
    private const int Cluster = 4096;

    [Theory]
    [InlineData(4, 4, 4UL, "unsupported", "version 4")]
    [InlineData(20, 4, 8UL, "header", "cluster bits")]
    [InlineData(20, 4, 22UL, "header", "cluster bits")]
    [InlineData(24, 8, (64UL << 40) + 1, "too-large", "disk of at most")]
    [InlineData(24, 8, ulong.MaxValue, "too-large", "disk of at most")]
    [InlineData(32, 4, 1UL, "encrypted", "method 1")]
    [InlineData(32, 4, 2UL, "encrypted", "method 2")]
    [InlineData(36, 4, 0UL, "header", "L1 table of at least")]
    [InlineData(36, 4, 0xFFFF_FFFFUL, "header", "L1 table of at most")]
    [InlineData(36, 4, 0x10_0000UL, "truncated", "L1 table")]
    [InlineData(40, 8, 0x2200UL, "header", "L1 table at a cluster's start")]
    [InlineData(40, 8, ulong.MaxValue - 4095, "header", "L1 table at a cluster's start")]
    [InlineData(40, 8, 0x7FFF_FFFF_FFFF_F000UL, "truncated", "L1 table")]
    [InlineData(48, 8, 0x1200UL, "header", "refcount table")]
    [InlineData(56, 4, 0UL, "header", "refcount table")]
    [InlineData(60, 4, 65537UL, "header", "snapshots")]
    [InlineData(72, 8, 2UL, "corrupt", "corrupt bit")]
    [InlineData(72, 8, 4UL, "external-data", "external data file")]
    [InlineData(72, 8, 8UL, "header", "compression type")]
    [InlineData(72, 8, 16UL, "header", "extended L2")]
    [InlineData(72, 8, 1UL << 40, "unsupported", "bit 40")]
    [InlineData(96, 4, 7UL, "header", "refcount order")]
    [InlineData(100, 4, 96UL, "header", "a header of")]
    [InlineData(100, 4, 4104UL, "header", "a header of")]
    [InlineData(100, 4, 109UL, "header", "a header of")]
    [InlineData(104, 1, 1UL, "header", "compression type")]
    public async Task A_wrong_header_field_is_refused_by_name(
        int offset, int width, ulong value, string reason, string words)
    {
        var file = new Qcow2Builder().Data(1, new byte[Cluster]).Build();
        Put(file, offset, width, value);
        await RefusedAsync(file, reason, words);
    }

    [Fact]
    public async Task A_snapshot_table_that_is_not_at_a_clusters_start_is_refused()
    {
        var file = new Qcow2Builder().Data(1, new byte[Cluster]).Build();
        Put(file, 60, 4, 1);
        Put(file, 64, 8, 0x1200);
        await RefusedAsync(file, "header", "a snapshot table at a cluster's start");
    }

    [Fact]
    public async Task An_unknown_compression_type_is_refused_by_number()
    {
        var file = new Qcow2Builder { Zstd = true }.Data(1, new byte[Cluster]).Build();
        file[104] = 9;
        await RefusedAsync(file, "unsupported", "compression type 9");
    }

    [Fact]
    public async Task A_dirty_image_is_read()
    {
        var file = new Qcow2Builder().Data(1, DiskBytes.Noise(Cluster, 1)).Build();
        Put(file, 72, 8, 1);
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        Assert.Equal(
            DiskBytes.Noise(Cluster, 1), await DiskBytes.ReadAsync(image, Cluster, Cluster));
    }

    [Fact]
    public async Task An_unknown_feature_is_called_what_the_name_table_calls_it()
    {
        var file = new Qcow2Builder().Data(1, new byte[Cluster]).Build();
        Put(file, 72, 8, 1UL << 9);
        Put(file, 112, 4, 0x6803F857);
        Put(file, 116, 4, 48);
        file[121] = 9;
        Encoding.UTF8.GetBytes("folded clusters").CopyTo(file, 122);
        await RefusedAsync(file, "unsupported", "'folded clusters' (bit 9)");
    }

    [Fact]
    public async Task A_header_extension_longer_than_its_room_is_refused()
    {
        var file = new Qcow2Builder().Data(1, new byte[Cluster]).Build();
        Put(file, 112, 4, 0xE2792ACA);
        Put(file, 116, 4, 0xFFFF_FFF0);
        await RefusedAsync(file, "header", "header extension");
    }

    [Theory]
    [InlineData(1024UL, "header", "backing file name")]
    [InlineData(0xFFFF_FFFFUL, "header", "backing file name")]
    public async Task A_backing_name_outside_the_first_cluster_is_refused(
        ulong length, string reason, string words)
    {
        var file = new Qcow2Builder { Backing = "b" }.Data(1, new byte[Cluster]).Build();
        Put(file, 16, 4, length);
        await RefusedAsync(file, reason, words);
    }

    [Theory]
    [InlineData(0x7000_0000_0000_3000UL, "table", "reserved bits")]
    [InlineData(0x8000_0000_0000_3200UL, "table", "L2 table at a cluster's start")]
    [InlineData(0x8000_0000_0010_0000UL, "truncated", "L2 table")]
    [InlineData(0x80FF_FFFF_FFFF_F000UL, "truncated", "L2 table")]
    public async Task A_wrong_L1_entry_is_refused(ulong entry, string reason, string words)
    {
        var builder = new Qcow2Builder().Data(1, new byte[Cluster]);
        var file = builder.Build();
        Put(file, (int)builder.L1Offset, 8, entry);
        await RefusedAsync(file, reason, words);
    }

    [Theory]
    [InlineData(3, 0x8000_0000_0000_3002UL, "table", "reserved bits")]
    [InlineData(3, 0x2000_0000_0000_3000UL, "table", "reserved bits")]
    [InlineData(2, 1UL, "table", "reserved bits")]
    [InlineData(3, 0x8000_0000_0000_3200UL, "table", "data cluster at a cluster's start")]
    [InlineData(3, 0x8000_0000_0001_0000UL, "truncated", "data cluster")]
    [InlineData(3, 0x80FF_FFFF_FFFF_F000UL, "truncated", "data cluster")]
    [InlineData(3, 0x4000_0000_0000_0000UL, "table", "compressed cluster")]
    [InlineData(3, 0x4000_0000_0001_0000UL, "truncated", "compressed cluster")]
    [InlineData(3, 0x43FF_FFFF_FFFF_FFFFUL, "truncated", "compressed cluster")]
    public async Task A_wrong_L2_entry_is_refused(
        int version, ulong entry, string reason, string words)
    {
        var file = new Qcow2Builder { Version = version }.Entry(5, entry).Build();
        await RefusedAsync(file, reason, words);
    }

    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(0x8000_0000_0001_0000UL, 0x1_0000_0001UL)]
    public async Task A_subcluster_that_contradicts_itself_is_refused(ulong entry, ulong bitmap)
    {
        var file = new Qcow2Builder { ClusterBits = 14, Subclusters = true }
            .Entry(5, entry, bitmap).Data(6, new byte[16384]).Build();
        await RefusedAsync(file, "table", "subclusters");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compressed_bytes_that_do_not_fill_a_cluster_are_refused(bool zstd)
    {
        var file = new Qcow2Builder { Zstd = zstd }.Compressed(0, new byte[100]).Build();
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            () => DiskBytes.ReadAsync(image, 0, 512));
        Assert.Equal("compressed", e.Reason);
    }

    [Fact]
    public async Task A_zstd_frame_of_more_than_a_cluster_is_refused()
    {
        var file = new Qcow2Builder { Zstd = true }.Compressed(0, new byte[1 << 20]).Build();
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            () => DiskBytes.ReadAsync(image, 0, Cluster));
        Assert.Equal("compressed", e.Reason);
    }

    [Fact]
    public async Task Every_truncation_in_front_of_the_last_cluster_is_refused()
    {
        var file = new Qcow2Builder().Data(1, DiskBytes.Noise(Cluster, 1))
            .Data(2, DiskBytes.Noise(Cluster, 2)).Build();
        for (var length = 4; length <= file.Length - Cluster; length += 97)
            await RefusedAsync(file[..length], "truncated", string.Empty);
    }

    private static void Put(byte[] file, int offset, int width, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        bytes.AsSpan(8 - width).CopyTo(file.AsSpan(offset));
    }

    private static async Task RefusedAsync(byte[] file, string reason, string words)
    {
        var e = await Assert.ThrowsAsync<InvalidImageException>(async () =>
        {
            await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
            await ImageSurvey.RunAsync(image, 1 << 20);
        });
        Assert.Equal(reason, e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }
}
