using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class VhdxImageTests
{
    private const int MiB = 1 << 20;
    private static readonly Guid Log = new("12345678-0000-4000-8000-000000000001");
    private static readonly Dictionary<string, string> Parent = new(StringComparer.Ordinal)
    {
        ["parent_linkage"] = "{83ed65c9-6ed8-4a3c-8b5c-17e8d2f86bb1}",
        ["parent_linkage2"] = "{00000000-0000-0000-0000-000000000000}",
        ["absolute_win32_path"] = @"C:\vms\base.vhdx",
        ["relative_path"] = @".\base.vhdx",
    };

    [Fact]
    public async Task Every_state_of_a_block_is_data_zeros_or_the_parents()
    {
        var bits = new byte[MiB / 4];
        bits[512 + 0] = 0b0000_0110;
        var content = DiskBytes.Noise(MiB, 1);
        await using var image = await OpenAsync(new VhdxBuilder { Parent = Parent }
            .Block(0, 6, content).Block(1, 2).Block(2, 7, content).Block(3, 1).Block(4, 3)
            .Bitmap(0, bits).Build());
        Assert.Equal(@".\base.vhdx", image.ParentHint);
        Assert.Equal(["83ed65c9-6ed8-4a3c-8b5c-17e8d2f86bb1"], image.Identity.ParentIds);
        Assert.Equal("11112222-3333-4444-5555-666677778888", image.Identity.Id);
        Assert.Equal(
            [
                new(new(0, MiB), ExtentKind.Data),
                new(new(MiB, 2 * MiB), ExtentKind.Zero),
                new(new(2 * MiB, (2 * MiB) + 512), ExtentKind.Parent),
                new(new((2 * MiB) + 512, (2 * MiB) + 1536), ExtentKind.Data),
                new(new((2 * MiB) + 1536, 3 * MiB), ExtentKind.Parent),
                new(new(3 * MiB, 5 * MiB), ExtentKind.Zero),
                new(new(5 * MiB, 8 * MiB), ExtentKind.Parent),
            ],
            await DiskBytes.ExtentsAsync(image));
        Assert.Equal(
            content[512..1536], await DiskBytes.ReadAsync(image, (2 * MiB) + 512, 1024));
    }

    [Fact]
    public async Task Sectors_of_4_KiB_make_bitmaps_and_chunks_of_their_own_size()
    {
        // Block 2's bits are 32 bytes a block; no entry of a bitmap lies before block 4500's.
        var bits = new byte[MiB / 8];
        bits[64] = 0b0000_0110;
        var (content, far) = (DiskBytes.Noise(MiB, 1), DiskBytes.Noise(MiB, 2));
        await using var image = await OpenAsync(new VhdxBuilder
        {
            Parent = Parent, SectorBytes = 4096, SizeBytes = 5000L * MiB,
        }.Block(2, 7, content).Block(4500, 6, far).Bitmap(0, bits).Build());
        Assert.Contains("sectors of 4096 bytes", image.Description, StringComparison.Ordinal);
        var extents = await DiskBytes.ExtentsAsync(image);
        Assert.Equal(
            [
                new((2 * MiB) + 4096, (2 * MiB) + 12288),
                new ByteRange(4500L * MiB, 4501L * MiB),
            ],
            extents.Where(e => e.Kind == ExtentKind.Data).Select(e => e.Range));
        Assert.DoesNotContain(extents, e => e.Kind == ExtentKind.Zero);
        Assert.Equal(
            content[4096..12288], await DiskBytes.ReadAsync(image, (2 * MiB) + 4096, 8192));
        var found = new byte[MiB];
        await image.ReadAsync(4500L * MiB, found);
        Assert.Equal(far, found);
    }

    [Theory]
    [InlineData(192 << 10, 48, "the required region 01020304-0506-0708-090a-0b0c0d0e0f10")]
    [InlineData(
        VhdxBuilder.MetadataAt, 32, "the required item 01020304-0506-0708-090a-0b0c0d0e0f10")]
    public async Task What_is_required_and_unknown_is_refused_by_its_name(
        int table, int entry, string words)
    {
        var file = new VhdxBuilder().Build();
        new Guid("01020304-0506-0708-090a-0b0c0d0e0f10").TryWriteBytes(
            file.AsSpan(table + entry));
        VhdxBuilder.Reseal(file);
        var e = await RefusedAsync(file);
        Assert.Equal("unsupported", e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_and_an_item_that_are_told_twice_are_refused()
    {
        var regions = new VhdxBuilder().Build();
        foreach (var table in new[] { 192 << 10, 256 << 10 })
            regions.AsSpan(table + 16, 16).CopyTo(regions.AsSpan(table + 48));
        VhdxBuilder.Reseal(regions);
        var region = await RefusedAsync(regions);
        Assert.Contains("each region once", region.Message, StringComparison.Ordinal);
        var items = new VhdxBuilder().Build();
        items.AsSpan(VhdxBuilder.MetadataAt + 32, 16)
            .CopyTo(items.AsSpan(VhdxBuilder.MetadataAt + 64));
        var item = await RefusedAsync(items);
        Assert.Contains("each metadata item once", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_header_of_the_higher_sequence_counts()
    {
        var file = new VhdxBuilder().Build();
        var newer = new Guid("aaaaaaaa-0000-4000-8000-000000000001");
        newer.TryWriteBytes(file.AsSpan((128 << 10) + 32));
        VhdxBuilder.Reseal(file);
        await using (var image = await OpenAsync(file))
            Assert.Equal(newer.ToString("D"), image.Identity.Id);
        file[(128 << 10) + 100] ^= 1;
        await using (var image = await OpenAsync(file))
            Assert.Equal("11112222-3333-4444-5555-666677778888", image.Identity.Id);
        file[(64 << 10) + 100] ^= 1;
        Assert.Equal("header", (await RefusedAsync(file)).Reason);
    }

    [Fact]
    public async Task A_log_is_replayed_in_memory_and_the_file_stays_as_it_is()
    {
        var file = Logged();
        var before = (byte[])file.Clone();
        await using var image = await OpenAsync(file);
        Assert.Contains("replayed", image.Description, StringComparison.Ordinal);
        byte[] expected = [.. new byte[8192], .. DiskBytes.Noise(MiB, 3)[8192..]];
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, 0, MiB));
        Assert.Equal(expected[8000..9000], await DiskBytes.ReadAsync(image, 8000, 1000));
        Assert.Equal(before, file);
    }

    [Fact]
    public async Task A_torn_entry_leaves_the_state_before_it()
    {
        var file = Logged();
        // The second entry's descriptor: its checksum is wrong now, the first entry stands alone.
        file[VhdxBuilder.LogAt + 8192 + 70] ^= 1;
        await using var image = await OpenAsync(file);
        Assert.Equal(DiskBytes.Noise(MiB, 3), await DiskBytes.ReadAsync(image, 0, MiB));
    }

    [Fact]
    public async Task A_log_without_a_whole_entry_is_refused()
    {
        var file = Logged();
        file[VhdxBuilder.LogAt + 5000] ^= 1;
        file[VhdxBuilder.LogAt + 8192 + 70] ^= 1;
        Assert.Equal("log", (await RefusedAsync(file)).Reason);
        Assert.Equal("truncated", (await RefusedAsync(Logged(), 4 * MiB)).Reason);
    }

    [Fact]
    public async Task A_sequence_that_wraps_around_the_logs_end_is_found()
    {
        var builder = new VhdxBuilder { LogId = Log }.Block(1, 6, DiskBytes.Noise(MiB, 3));
        await using var image = await OpenAsync(builder
            .Log(MiB - 4096, Entry(6, MiB - 4096)).Log(4096, VhdxBuilder.LogEntry(
                Log, 7, MiB - 4096, (5 * MiB, 5 * MiB), (4 * MiB, null, 8192)))
            .Build());
        byte[] expected = [.. new byte[8192], .. DiskBytes.Noise(MiB, 3)[8192..]];
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, 0, MiB));
    }

    [Fact]
    public async Task One_block_mapped_everywhere_is_refused()
    {
        var file = new VhdxBuilder { SizeBytes = 1024L * MiB }.Block(0, 6).Build();
        for (var i = 1; i < 1024; i++)
            file.AsSpan(VhdxBuilder.TableAt, 8).CopyTo(file.AsSpan(VhdxBuilder.TableAt + (i * 8)));
        Assert.Equal("quota", (await RefusedAsync(file)).Reason);
    }

    /// <summary>The log puts block 0 where block 1 lies, then makes its first 8 KiB zeros.</summary>
    private static byte[] Logged() =>
        new VhdxBuilder { LogId = Log }.Block(1, 6, DiskBytes.Noise(MiB, 3))
            .Log(0, Entry(6, 0))
            .Log(8192, VhdxBuilder.LogEntry(
                Log, 7, 0, (5 * MiB, 5 * MiB), (4 * MiB, null, 8192)))
            .Build();

    private static byte[] Entry(ulong sequence, int tail)
    {
        var table = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(table, (4UL * MiB) | 6);
        return VhdxBuilder.LogEntry(
            Log, sequence, tail, (5 * MiB, 5 * MiB), (3 * MiB, table, 0));
    }

    private static ValueTask<IDiskImage> OpenAsync(byte[] file) =>
        ImageOpener.OpenAsync(new MemoryByteSource(file), "vhdx");

    private static Task<InvalidImageException> RefusedAsync(byte[] file, long? length = null) =>
        Assert.ThrowsAsync<InvalidImageException>(async () =>
        {
            await using var image = await ImageOpener.OpenAsync(
                new MemoryByteSource(file, length), "vhdx");
            await ImageSurvey.RunAsync(image, 8L << 30);
        });
}
