using System.Text;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>VMDK files that are built from the format's description.</summary>
public sealed class VmdkImageTests
{
    private const int Grain = 4096;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Stored_grains_are_data_and_the_rest_is_zeros(bool packed, bool footer)
    {
        var builder = new VmdkBuilder
        {
            Sectors = 401, IsCompressed = packed, HasFooter = footer, TableEntries = 16,
        };
        var (first, last) = (DiskBytes.Noise(Grain, 1), DiskBytes.Text(Grain, 2));
        var file = builder.Grain(1, first).Grain(2, null).Grain(3, last).Grain(50, last).Build();
        await using var image = await OpenAsync(file);
        Assert.Equal(401 * 512, image.SizeBytes);
        Assert.False(image.HasParent);
        Assert.Equal(("0badcafe", 0), (image.Identity.Id, image.Identity.ParentIds.Count));
        var extents = await DiskBytes.ExtentsAsync(image);
        Assert.Equal(
            [(0, Grain, ExtentKind.Zero), (Grain, 2 * Grain, ExtentKind.Data),
                (2 * Grain, 3 * Grain, ExtentKind.Zero), (3 * Grain, 4 * Grain, ExtentKind.Data),
                (4 * Grain, 50 * Grain, ExtentKind.Zero), (50 * Grain, 401 * 512, ExtentKind.Data)],
            extents.Select(e => ((int)e.Range.Offset, (int)e.Range.End, e.Kind)));
        var expected = new byte[401 * 512];
        first.CopyTo(expected, Grain);
        last.CopyTo(expected, 3 * Grain);
        last.AsSpan(0, 512).CopyTo(expected.AsSpan(50 * Grain));
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, 0, expected.Length));
        // Parts of grains, twice: what was unpacked once is kept.
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal(expected[5000..13_000], await DiskBytes.ReadAsync(image, 5000, 8000));
    }

    [Fact]
    public async Task A_delta_leaves_to_its_parent_what_it_does_not_store()
    {
        await using var image = await OpenAsync(new VmdkBuilder
        {
            Sectors = 80, ParentId = "DEADBEEF", ParentName = "base.vmdk",
        }.Grain(2, null).Grain(4, DiskBytes.Noise(Grain, 1)).Build());
        Assert.True(image.HasParent);
        Assert.Equal("base.vmdk", image.ParentHint);
        Assert.Equal(["deadbeef"], image.Identity.ParentIds);
        Assert.EndsWith(", a delta", image.Description, StringComparison.Ordinal);
        Assert.Equal(
            [ExtentKind.Parent, ExtentKind.Zero, ExtentKind.Parent, ExtentKind.Data,
                ExtentKind.Parent],
            (await DiskBytes.ExtentsAsync(image)).Select(e => e.Kind));
    }

    [Fact]
    public async Task Extents_beside_a_descriptor_are_one_disk()
    {
        var flat = DiskBytes.Noise(10 * 512, 3);
        var (hosted, esx) = (DiskBytes.Noise(Grain, 4), DiskBytes.Noise(Grain, 5));
        var source = Descriptor(
            "RW 8 FLAT \"d-flat.vmdk\" 2\nRW 8 ZERO\nRW 24 SPARSE \"d-s001.vmdk\"\n"
            + "RDONLY 17 VMFSSPARSE \"d-delta.vmdk\"",
            ("d-flat.vmdk", flat),
            ("d-s001.vmdk", new VmdkBuilder { Sectors = 24, Descriptor = string.Empty }
                .Grain(1, hosted).Build()),
            ("d-delta.vmdk", new VmdkBuilder { Sectors = 17, IsEsx = true, TableEntries = 4096 }
                .Grain(2, esx).Build()));
        await using var image = await ImageOpener.OpenAsync(source, "vmdk");
        Assert.Equal(57 * 512, image.SizeBytes);
        Assert.Equal(
            ["d-flat.vmdk", "d-s001.vmdk", "d-delta.vmdk"], image.OtherFiles.Select(f => f.Name));
        var expected = new byte[57 * 512];
        flat.AsSpan(1024, 4096).CopyTo(expected);
        hosted.CopyTo(expected, (16 * 512) + Grain);
        esx.AsSpan(0, 512).CopyTo(expected.AsSpan(56 * 512));
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, 0, expected.Length));
        Assert.Equal(expected[300..29_000], await DiskBytes.ReadAsync(image, 300, 28_700));
        var survey = await ImageSurvey.RunAsync(image, 8L << 30);
        Assert.Equal(4096 + 4096 + 512, survey.DataBytes);
        Assert.NotEqual(
            PinnedImages.IdentityOf("x", image), PinnedImages.IdentityOf("y", image));
    }

    [Theory]
    [InlineData("RW 8 FLAT \"gone.vmdk\" 0", "extent-missing", "take 'gone.vmdk' in alone")]
    [InlineData("RW 8 ZERO\nRW 8 FLAT \"gone.vmdk\" 0", "extent-missing", "all extents")]
    [InlineData("RW 8 FLAT \"../etc/passwd\" 0", "extent-path", "beside their descriptor")]
    [InlineData("RW 8 FLAT \"C:\\x.vmdk\" 0", "extent-path", "beside")]
    [InlineData("RW 8 FLAT \"..\" 0", "extent-path", "beside")]
    [InlineData("RW 8 SESPARSE \"a.vmdk\"", "unsupported", "SESPARSE")]
    [InlineData("RW 8 VMFSRDM \"a.vmdk\"", "unsupported", "VMFSRDM")]
    [InlineData("NOACCESS 8 ZERO", "unsupported", "may be read")]
    [InlineData("RW 8 FLAT \"a.vmdk\" 0\nRW 8 FLAT \"A.vmdk\" 8", "header", "again")]
    [InlineData("RW 8 FLAT \"disk.img\" 0", "header", "again")]
    [InlineData("RW 8 FLAT \"a.vmdk\" 999", "truncated", "a flat extent")]
    [InlineData("RW 8 FLAT \"a.vmdk\" x", "header", "place in sectors")]
    [InlineData("RW 8 FLAT a.vmdk", "header", "in quotes")]
    [InlineData("RW 8 FLAT", "header", "in quotes")]
    [InlineData("RW 0 ZERO", "header", "size in sectors")]
    [InlineData("RW 137438953472 ZERO\nRW 8 ZERO", "too-large", "Split")]
    [InlineData("RW 16 SPARSE \"a.vmdk\"", "header", "the mark 'KDMV' or 'COWD'")]
    [InlineData("RW 8 SPARSE \"s.vmdk\"", "header", "an extent of 4096 bytes")]
    [InlineData("# none", "header", "one extent at least")]
    [InlineData("nonsense", "header", "NAME=VALUE")]
    [InlineData("CID=1", "header", "'CID' once")]
    public async Task A_descriptor_that_cannot_be_followed_is_refused(
        string extents, string reason, string words)
    {
        var e = await RefusedAsync(Descriptor(
            extents, ("a.vmdk", new byte[8192]),
            ("s.vmdk", new VmdkBuilder { Sectors = 9, Descriptor = string.Empty }.Build())));
        Assert.Equal(reason, e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CID=x", "8 hexadecimal digits")]
    [InlineData("CID=1\nparentCID=123456789", "8 hexadecimal digits")]
    [InlineData("CID=1\nparentFileNameHint=\"p.vmdk\"", "the parentCID of 'p.vmdk'")]
    [InlineData("CID=1\nparentCID=ffffffff\nparentFileNameHint=\"p\"", "the parentCID of 'p'")]
    public async Task Identifiers_that_cannot_be_right_are_refused(string lines, string words)
    {
        var e = await RefusedAsync(new MemoryByteSource(Encoding.ASCII.GetBytes(
            $"# Disk DescriptorFile\n{lines}\nRW 8 ZERO\n")));
        Assert.Equal("header", e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_descriptor_of_too_many_extents_or_bytes_is_refused()
    {
        var lines = string.Concat(Enumerable.Repeat("RW 1 ZERO\n", 257));
        Assert.Contains("256 extents", (await RefusedAsync(Descriptor(lines))).Message,
            StringComparison.Ordinal);
        var e = await RefusedAsync(Descriptor(new string('#', 1 << 20)));
        Assert.Contains("at most 1048576 bytes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 4U, "unsupported", "version 4")]
    [InlineData(8, 0x8000_0005U, "unsupported", "flags")]
    [InlineData(8, 0x1_0005U, "unsupported", "compression 0")]
    [InlineData(73, 0x0A0D0A0AU, "header", "transferred as text")]
    [InlineData(12, 0U, "header", "one sector at least")]
    [InlineData(16, 0x100U, "too-large", "at most")]
    [InlineData(16, 0x80000000U, "header", "in sectors")]
    [InlineData(20, 3U, "header", "power of two")]
    [InlineData(20, 8192U, "header", "power of two")]
    [InlineData(44, 0U, "header", "entries")]
    [InlineData(44, 5000U, "header", "entries")]
    [InlineData(56, 0U, "header", "behind the header")]
    [InlineData(56, 99_999U, "truncated", "a grain directory")]
    [InlineData(28, 0U, "extent-alone", "without it")]
    [InlineData(28, 99_999U, "truncated", "a descriptor")]
    [InlineData(36, 0U, "header", "a descriptor of at most")]
    public async Task A_wrong_field_of_the_header_is_refused(
        int at, uint value, string reason, string words)
    {
        var file = new VmdkBuilder { Sectors = 80 }.Grain(0, new byte[Grain]).Build();
        BitConverter.TryWriteBytes(file.AsSpan(at), value);
        var e = await RefusedAsync(new MemoryByteSource(file));
        Assert.Equal((reason, true), (e.Reason, e.Message.Contains(words, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stream_without_markers_and_a_wrong_version_of_ESX_are_refused()
    {
        var file = new VmdkBuilder { IsCompressed = true, Flags = 0x1_0001 }.Build();
        Assert.Contains("no markers", (await RefusedAsync(new MemoryByteSource(file))).Message,
            StringComparison.Ordinal);
        file = new VmdkBuilder { IsEsx = true, TableEntries = 4096 }.Build();
        Assert.Equal("extent-alone", (await RefusedAsync(new MemoryByteSource(file))).Reason);
        file[4] = 2;
        Assert.Equal("unsupported", (await RefusedAsync(new MemoryByteSource(file))).Reason);
        Assert.Equal(
            "truncated", (await RefusedAsync(new MemoryByteSource(file[..99], name: "x"))).Reason);
        file = new VmdkBuilder { Descriptor = VmdkBuilder.Text("x", "RW 8 ZERO") }.Build();
        Assert.Contains("one sparse extent", (await RefusedAsync(new MemoryByteSource(file)))
            .Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, 3, "a mark of the stream's end")]
    [InlineData(0, 3, "a footer")]
    [InlineData(12, 2, "a footer")]
    public async Task A_stream_that_was_cut_or_goes_on_is_refused(int at, byte value, string words)
    {
        var file = new VmdkBuilder { IsCompressed = true, HasFooter = true }
            .Grain(0, DiskBytes.Text(Grain, 1)).Build();
        if (at == 0)
            file = [.. file, .. new byte[512]];
        else
            file[file.Length - 1536 + at] = value;
        var e = await RefusedAsync(new MemoryByteSource(file));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal("truncated", (await RefusedAsync(new MemoryByteSource(file[..1024]))).Reason);
        file = new VmdkBuilder { IsCompressed = true, HasFooter = true }.Build();
        file.AsSpan(file.Length - 1024 + 56, 8).Fill(0xFF);
        Assert.Contains("directory's place", (await RefusedAsync(new MemoryByteSource(file)))
            .Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "table", "the marker of the grain at sector 0")]
    [InlineData(8, "table", "a compressed grain of 1 to")]
    [InlineData(11, "table", "a compressed grain of 1 to")]
    [InlineData(14, "compressed", "zlib")]
    public async Task A_damaged_grain_is_refused(int at, string reason, string words)
    {
        var builder = new VmdkBuilder { IsCompressed = true, Sectors = 80 };
        var file = builder.Grain(0, DiskBytes.Text(Grain, 1)).Build();
        var grain = BitConverter.ToInt32(file, builder.TableAt) * 512;
        file.AsSpan(grain + at, at == 8 ? 4 : at == 14 ? 30 : 1).Fill(at == 8 ? (byte)0 : (byte)0x77);
        var e = await RefusedAsync(new MemoryByteSource(file), reads: true);
        Assert.Equal((reason, true), (e.Reason, e.Message.Contains(words, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Grain + 1, "more")]
    [InlineData(Grain - 1, "4095")]
    public async Task A_grain_that_unpacks_to_another_length_is_refused(int length, string found)
    {
        var e = await RefusedAsync(
            new MemoryByteSource(new VmdkBuilder { IsCompressed = true, Sectors = 80 }
                .Grain(1, DiskBytes.Text(length, 1)).Build()), reads: true);
        Assert.Equal(("compressed", found), (e.Reason, e.Found));
    }

    [Fact]
    public async Task A_cut_file_is_refused_where_it_ends()
    {
        foreach (var packed in new[] { false, true })
        {
            var builder = new VmdkBuilder { IsCompressed = packed, Sectors = 80 };
            var file = builder.Grain(9, DiskBytes.Noise(Grain, 1)).Build();
            foreach (var length in new[] { file.Length - 4096, builder.TableAt + 8 })
                Assert.Equal(
                    "truncated",
                    (await RefusedAsync(new MemoryByteSource(file[..length]), reads: true)).Reason);
        }
    }

    [Fact]
    public async Task One_table_named_everywhere_is_a_bomb_and_refused()
    {
        var builder = new VmdkBuilder { Sectors = 8 * 64 * 200, TableEntries = 64 };
        var file = builder.Build();
        for (var i = 0; i < 200; i++)
            BitConverter.TryWriteBytes(
                file.AsSpan(builder.DirectoryAt + (i * 4)), builder.TableAt / 512);
        file = file[..(builder.TableAt + 256)];
        Assert.Equal("quota", (await RefusedAsync(new MemoryByteSource(file))).Reason);
    }

    [Fact]
    public async Task Reads_that_pass_the_disks_end_are_the_callers_error()
    {
        await using var image = await OpenAsync(new VmdkBuilder { Sectors = 8 }.Build());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await image.ReadAsync(4000, new byte[512]));
    }

    private static async Task<VmdkImage> OpenAsync(byte[] file) =>
        Assert.IsType<VmdkImage>(await ImageOpener.OpenAsync(new MemoryByteSource(file)));

    private static MemoryByteSource Descriptor(string extents, params (string, byte[])[] beside) =>
        new(Encoding.ASCII.GetBytes(VmdkBuilder.Text("custom", extents)))
        {
            Beside = beside.ToDictionary(b => b.Item1, b => b.Item2, StringComparer.Ordinal),
        };

    private static Task<InvalidImageException> RefusedAsync(
        MemoryByteSource source, bool reads = false) =>
        Assert.ThrowsAsync<InvalidImageException>(async () =>
        {
            await using var image = await ImageOpener.OpenAsync(source, "vmdk");
            await ImageSurvey.RunAsync(image, 8L << 30);
            if (reads)
                await image.ReadAsync(0, new byte[image.SizeBytes]);
        });
}
