using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Small files that claim to be large disks full of data are refused early.</summary>
public sealed class ImageBombTests
{
    [Fact]
    public async Task One_data_cluster_mapped_everywhere_is_refused()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 512 << 20 };
        builder.Data(0, new byte[65536]);
        for (var i = 1; i < 8192; i++)
            builder.Entry(i, 0x8000_0000_0004_0000);
        await RefusedAsync(builder.Build());
    }

    [Fact]
    public async Task One_L2_table_used_by_every_L1_entry_is_refused()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 4L << 40 };
        builder.Data(3, new byte[65536]);
        var file = builder.Build();
        for (var i = 0; i < 8192; i++)
            BinaryPrimitives.WriteInt64BigEndian(
                file.AsSpan((int)builder.L1Offset + (i * 8)), builder.FirstTableOffset);
        await RefusedAsync(file);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_compressed_cluster_mapped_everywhere_is_refused(bool zstd)
    {
        // 2 MiB clusters of one byte: a few hundred bytes claim 512 GiB.
        var builder = new Qcow2Builder { ClusterBits = 21, SizeBytes = 512L << 30, Zstd = zstd };
        builder.Compressed(0, new byte[2 << 20]);
        var file = builder.Build();
        var table = file.AsSpan((int)builder.FirstTableOffset);
        for (var i = 1; i < 262_144; i++)
            table[..8].CopyTo(table[(i * 8)..]);
        await RefusedAsync(file);
    }

    [Fact]
    public async Task A_sound_image_of_one_repeated_byte_stays_within_the_quota()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 512 << 20, Zstd = true };
        var repeated = new byte[65536];
        repeated.AsSpan().Fill(0xFF);
        for (var i = 0; i < 8192; i++)
            builder.Compressed(i, repeated);
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(builder.Build()));
        var survey = await ImageSurvey.RunAsync(image, 64 << 20);
        Assert.Equal(512 << 20, survey.DataBytes);
    }

    private static async Task RefusedAsync(byte[] file)
    {
        var source = new MemoryByteSource(file);
        await using var image = await ImageOpener.OpenAsync(source);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await ImageSurvey.RunAsync(image, 8L << 30));
        Assert.Equal("quota", e.Reason);
        Assert.InRange(source.BytesRead, 1, (file.Length * 9L) + 70_000);
    }
}
