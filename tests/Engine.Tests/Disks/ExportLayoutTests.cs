using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Engine.Disks.Vhd;
using SnapshotFunctions.Engine.Disks.Vhdx;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Soundness in other tools' eyes is shown by the comparison with them.</summary>
public sealed class ExportLayoutTests(ITestOutputHelper output)
{
    public static TheoryData<string, int> FormatsAndSizes
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (var format in ExportFormats.ByRanges)
            {
                foreach (var size in new[] { 1, 511, 512, 65_537, 1 << 20, 2 << 20, 5_000_001 })
                    all.Add(format, size);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndSizes))]
    public async Task What_is_laid_out_reads_back_as_the_disk_and_then_zeros(
        string format, int lengthBytes)
    {
        var disk = Sample(lengthBytes);
        var layout = await LayoutAsync(format, disk);
        var file = await BytesAsync(layout);
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(file), ExportFormats.ExtensionOf(format)[1..]);
        Assert.Equal(layout.SizeBytes, image.SizeBytes);
        Assert.InRange(image.SizeBytes - lengthBytes, 0, format == "vhd" ? (1 << 20) - 1 : 511);
        var back = await DiskBytes.ReadAsync(image, 0, (int)image.SizeBytes);
        Assert.Equal(disk, back[..lengthBytes]);
        Assert.False(back.AsSpan(lengthBytes).ContainsAnyExcept((byte)0));
        _ = await ImageSurvey.RunAsync(image, 8L << 30);
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("vhd")]
    [InlineData("vhd-dynamic")]
    [InlineData("vhdx")]
    public async Task Any_range_has_the_bytes_that_the_whole_file_has(string format)
    {
        const int Seed = 31;
        output.WriteLine($"seed {Seed}");
        var layout = await LayoutAsync(format, Sample(9_000_001));
        var file = await BytesAsync(layout);
        var random = new Random(Seed);
        for (var i = 0; i < 400; i++)
        {
            var length = random.Next(1, random.Next(2, 300_000));
            var at = random.Next(3) == 0
                ? random.Next(Math.Max(1, Math.Min(file.Length, 4 << 20) - length))
                : random.Next(Math.Max(1, file.Length - length));
            length = Math.Min(length, file.Length - at);
            var part = new byte[length];
            await layout.ReadAsync(at, part);
            Assert.True(part.AsSpan().SequenceEqual(file.AsSpan(at, length)), $"{at}, {length}");
        }
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("vhd")]
    [InlineData("vhd-dynamic")]
    [InlineData("vhdx")]
    public async Task What_the_layout_leaves_out_is_zeros(string format)
    {
        var layout = await LayoutAsync(format, Sample(9_000_001));
        var file = await BytesAsync(layout);
        var at = 0L;
        while (layout.NextData(at) is { } data)
        {
            Assert.InRange(data.Offset, at, file.Length - 1);
            Assert.False(
                file.AsSpan((int)at, (int)(data.Offset - at)).ContainsAnyExcept((byte)0));
            at = data.End;
        }

        Assert.Equal(file.Length, at);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(9_000_001)]
    public async Task A_qcow2_has_the_bytes_that_the_writer_writes(int lengthBytes)
    {
        var disk = Sample(lengthBytes);
        await using var raw = new RawImage(new MemoryByteSource(disk));
        using var written = new MemoryStream();
        await Qcow2Writer.WriteAsync(written, raw);
        var layout = await LayoutAsync("qcow2", disk);
        Assert.Equal(written.ToArray(), await BytesAsync(layout));
    }

    [Fact]
    public async Task A_sparse_qcow2_over_many_tables_has_the_bytes_that_the_writer_writes()
    {
        const long Size = (5L << 30) + 7;
        static async IAsyncEnumerable<Extent> Extents(
            ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            var at = range.Offset;
            foreach (var data in new[] { 3L << 16, (512L << 20) - 5, 3L << 30, Size - 9 })
            {
                yield return new(new(at, data), ExtentKind.Zero);
                yield return new(new(data, at = Math.Min(Size, data + 100_000)), ExtentKind.Data);
            }

            if (at < Size)
                yield return new(new(at, Size), ExtentKind.Zero);
        }

        static ValueTask Read(long offset, Memory<byte> destination, CancellationToken _)
        {
            for (var i = 0; i < destination.Length; i++)
                destination.Span[i] = (byte)((offset + i) * 7 / 65536);
            return ValueTask.CompletedTask;
        }

        using var written = new MemoryStream();
        await Qcow2Writer.WriteAsync(written, Size, Extents, Read);
        var layout = await ExportFormats.OpenAsync(
            "qcow2", new ExportDisk(Size, Hash256.Zero, Read, Extents));
        Assert.Equal(written.ToArray(), await BytesAsync(layout));
    }

    [Theory]
    [InlineData("qcow2")]
    [InlineData("vhd")]
    [InlineData("vhdx")]
    public async Task A_disk_of_64_TiB_is_laid_out_in_little_memory(string format)
    {
        const long Size = 64L << 40;
        static async IAsyncEnumerable<Extent> Extents(
            ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield return new(new(0, Size - 512), ExtentKind.Zero);
            yield return new(new(Size - 512, Size), ExtentKind.Data);
        }

        var disk = new ExportDisk(
            Size, Hash256.Zero,
            (_, d, _) =>
            {
                d.Span.Fill(9);
                return ValueTask.CompletedTask;
            },
            Extents);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var layout = await ExportFormats.OpenAsync(format, disk);
        var end = new byte[4096];
        await layout.ReadAsync(layout.LengthBytes - end.Length, end);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Equal(Size, layout.SizeBytes);
    }

    [Fact]
    public async Task A_dynamic_VHD_of_more_than_2040_GiB_is_refused()
    {
        var e = await Assert.ThrowsAsync<RefusedException>(async () =>
            await ExportFormats.OpenAsync("vhd-dynamic", new ExportDisk(
                (2040L << 30) + 512, Hash256.Zero, (_, _, _) => ValueTask.CompletedTask)));
        Assert.Equal("refused-format-size", e.Code);
    }

    [Fact]
    public async Task A_fixed_VHD_is_what_Azure_imports()
    {
        var file = await BytesAsync(await LayoutAsync("vhd", Sample(5_000_001)));
        Assert.Equal((5 << 20) + 512, file.Length);
        var footer = file[^512..];
        Assert.Equal("conectix"u8, footer.AsSpan(0, 8));
        Assert.Equal([0, 0, 0, 2], footer[60..64]);
        Assert.Equal(5 << 20, (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(
            footer.AsSpan(48)));
    }

    /// <summary>Worked out by hand from the specification's appendix.</summary>
    [Theory]
    [InlineData(20_000, 294, 4, 17)]
    [InlineData(200_000, 980, 12, 17)]
    [InlineData(400_000, 806, 16, 31)]
    [InlineData(614_400, 609, 16, 63)]
    [InlineData(100_000_000, 24_509, 16, 255)]
    [InlineData(1_000_000_000, 65_535, 16, 255)]
    public async Task A_VHDs_geometry_is_the_specifications(
        long sectors, int cylinders, int heads, int perTrack)
    {
        static async IAsyncEnumerable<Extent> Extents(
            ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield return new(range, ExtentKind.Zero);
        }

        var layout = await ExportFormats.OpenAsync("vhd-dynamic", new ExportDisk(
            sectors * 512, Hash256.Zero, (_, _, _) => ValueTask.CompletedTask, Extents));
        var footer = new byte[512];
        await layout.ReadAsync(0, footer);
        Assert.Equal(
            (cylinders, heads, perTrack), ((footer[56] << 8) | footer[57], footer[58], footer[59]));
    }

    [Theory]
    [InlineData("vhd", "6872ff969a9017607d117e56326dc8f44fa78470a2cbf8e646fcc02e8ac77cfb")]
    [InlineData("vhd-dynamic", "a7c991738ba3fff345cc3e369d8f9b8b7d3cd1d8cdd9763d2c88a2fceb23415e")]
    [InlineData("vhdx", "4026ebf60a6bd7de391f5cc38d67553a33fea860c06e606c40187b1dc45b281f")]
    [InlineData("qcow2", "506af2732896f1e8825ca918d4cadcc86fba0c16fbb3fa3f0d0e11992c0726f9")]
    public async Task The_bytes_of_a_written_file_never_change(string format, string sha256)
    {
        var disk = new byte[5_000_001];
        for (var i = 100_000; i < 200_000; i++)
            disk[i] = (byte)(i * 31 >> 4);
        disk[^1] = 1;
        var file = await BytesAsync(await LayoutAsync(format, disk));
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        Assert.True(string.Equals(sha256, found, StringComparison.Ordinal), found);
    }

    [Fact]
    public async Task A_written_files_identifiers_are_those_of_the_version()
    {
        var node = new Hash256(SHA256.HashData("node"u8));
        var disk = Sample(100_000);
        foreach (var format in new[] { "vhd", "vhd-dynamic", "vhdx" })
        {
            var layout = await LayoutAsync(format, disk, node);
            await using var image = await ImageOpener.OpenAsync(
                new MemoryByteSource(await BytesAsync(layout)));
            Assert.True(image is VhdImage or VhdxImage);
            Assert.True(ExportIds.IsOf(image.Identity.Id!, node, disk.Length));
            Assert.False(ExportIds.IsOf(image.Identity.Id!, node, disk.Length + 1));
            Assert.False(ExportIds.IsOf(image.Identity.Id!, Hash256.Zero, disk.Length));
        }
    }

    private static byte[] Sample(int lengthBytes)
    {
        var disk = DiskBytes.Noise(lengthBytes, lengthBytes);
        disk.AsSpan(lengthBytes / 4, lengthBytes / 2).Clear();
        return disk;
    }

    private static async Task<IExportLayout> LayoutAsync(
        string format, byte[] disk, Hash256 node = default)
    {
        var raw = new RawImage(new MemoryByteSource(disk));
        return await ExportFormats.OpenAsync(
            format, new ExportDisk(disk.Length, node, raw.ReadAsync, raw.ExtentsAsync));
    }

    private static async Task<byte[]> BytesAsync(IExportLayout layout)
    {
        var file = new byte[layout.LengthBytes];
        file.AsSpan().Fill(0xEE);
        await layout.ReadAsync(0, file);
        return file;
    }
}
