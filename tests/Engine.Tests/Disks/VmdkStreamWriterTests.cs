using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Soundness in other tools' eyes is shown by the comparison with them.</summary>
public sealed class VmdkStreamWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(65_537)]
    [InlineData(5_000_001)]
    [InlineData(40 << 20)]
    public async Task What_is_written_reads_back_as_the_disk_and_then_zeros(int lengthBytes)
    {
        var disk = DiskBytes.Noise(lengthBytes, lengthBytes);
        disk.AsSpan(lengthBytes / 4, lengthBytes / 2).Clear();
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(await WriteAsync(disk)), "vmdk");
        Assert.Equal((lengthBytes + 511) / 512 * 512, image.SizeBytes);
        var survey = await ImageSurvey.RunAsync(image, 8L << 30);
        Assert.InRange(survey.DataBytes, 1, (lengthBytes / 2) + (3 << 16));
        var back = await DiskBytes.ReadAsync(image, 0, (int)image.SizeBytes);
        Assert.True(back.AsSpan(0, lengthBytes).SequenceEqual(disk));
        Assert.False(back.AsSpan(lengthBytes).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task Its_identifier_is_that_of_the_version()
    {
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(await WriteAsync(new byte[100_000])));
        Assert.True(ExportIds.IsOf(image.Identity.Id!, Hash256.Zero, 100_000));
        Assert.False(ExportIds.IsOf(image.Identity.Id!, Hash256.Zero, 100_001));
        Assert.False(image.HasParent);
    }

    [Fact]
    public async Task By_ranges_it_is_refused_with_what_there_is()
    {
        var e = await Assert.ThrowsAsync<RefusedException>(async () =>
            await ExportFormats.OpenAsync("vmdk", new ExportDisk(
                512, Hash256.Zero, (_, _, _) => ValueTask.CompletedTask)));
        Assert.Equal("refused-format-stream", e.Code);
        Assert.Contains("vhdx", e.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> WriteAsync(byte[] disk)
    {
        var raw = new RawImage(new MemoryByteSource(disk));
        using var file = new MemoryStream();
        var length = await VmdkStreamWriter.WriteAsync(
            file, new ExportDisk(disk.Length, Hash256.Zero, raw.ReadAsync, raw.ExtentsAsync));
        Assert.Equal(file.Length, length);
        return file.ToArray();
    }
}
