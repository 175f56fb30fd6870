using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Sfd;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Changed-block files, built from the format's document.</summary>
public sealed class SfdImageTests
{
    [Fact]
    public async Task Ranges_are_data_or_zeros_and_the_rest_is_the_parents()
    {
        var (first, second) = (DiskBytes.Noise(1024, 1), DiskBytes.Noise(100, 2));
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(new SfdBuilder
        {
            SizeBytes = 8292, ParentKind = 3, Parent = "feed-7", Id = "feed-8",
        }.Data(512, first).Zeros(2048, 512).Data(8192, second).Build()), "sfd");
        Assert.True(image.HasParent);
        Assert.Equal(("feed-8", "feed-7"), (image.Identity.Id, image.Identity.ParentIds.Single()));
        Assert.Equal("changed-block file, 8292 bytes, 3 ranges, against feed-7", image.Description);
        Assert.Equal(
            [(0, ExtentKind.Parent), (512, ExtentKind.Data), (1536, ExtentKind.Parent),
                (2048, ExtentKind.Zero), (2560, ExtentKind.Parent), (8192, ExtentKind.Data)],
            (await DiskBytes.ExtentsAsync(image)).Select(e => ((int)e.Range.Offset, e.Kind)));
        var expected = new byte[8292];
        first.CopyTo(expected, 512);
        second.CopyTo(expected, 8192);
        Assert.Equal(expected, await DiskBytes.ReadAsync(image, 0, 8292));
        Assert.Equal(expected[700..900], await DiskBytes.ReadAsync(image, 700, 200));
        var survey = await ImageSurvey.RunAsync(image, 1 << 20);
        Assert.Equal((1124, 512), (survey.DataBytes, survey.ZeroBytes));
    }

    [Fact]
    public async Task A_file_without_ranges_changes_nothing()
    {
        await using var image = await ImageOpener.OpenAsync(
            new MemoryByteSource(new SfdBuilder().Build()));
        Assert.Equal([ExtentKind.Parent], (await DiskBytes.ExtentsAsync(image)).Select(e => e.Kind));
        Assert.Contains("it does not name", image.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "12", "version 12")]
    [InlineData(2, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "fingerprint aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(3, "any", "any")]
    public async Task A_parent_is_named_by_version_fingerprint_or_identifier(
        byte kind, string parent, string expected)
    {
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(
            new SfdBuilder { ParentKind = kind, Parent = parent }.Build()));
        Assert.Equal([expected], image.Identity.ParentIds);
    }

    [Theory]
    [InlineData(512, 1024)]
    [InlineData(4096, 0)]
    public async Task Ranges_that_do_not_ascend_are_refused(int first, int second)
    {
        var e = await RefusedAsync(new SfdBuilder().Data(first, new byte[1024])
            .Data(second, new byte[512]).Build());
        Assert.Equal("table", e.Reason);
        Assert.Contains("ascending", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 100L, "whole sectors")]
    [InlineData(8, 100L, "whole sectors")]
    [InlineData(0, -512L, "of the disk's")]
    [InlineData(8, 0L, "of the disk's")]
    [InlineData(8, 1L << 40, "of the disk's")]
    [InlineData(16, 0L, "bytes from 24 of the file on")]
    [InlineData(16, 99_999L, "before the table")]
    [InlineData(16, -1L, "before the table")]
    [InlineData(24, 3L, "kind 1 or 2")]
    [InlineData(24, 2L, "zeros without a checksum")]
    [InlineData(8, (1L << 20) + 512, "at most 1048576 bytes a range")]
    public async Task A_wrong_entry_is_refused(int field, long value, string words)
    {
        var builder = new SfdBuilder { SizeBytes = 2 << 20 }
            .Data(512, new byte[512]);
        var file = builder.Build();
        BitConverter.TryWriteBytes(file.AsSpan(builder.TableAt + field), value);
        SfdBuilder.Seal(file);
        var e = await RefusedAsync(file);
        Assert.Equal("table", e.Reason);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 0, "the mark")]
    [InlineData(8, 0, "one byte at least")]
    [InlineData(15, 1, "at most")]
    [InlineData(16, 4, "kind of parent")]
    [InlineData(16, 1, "a parent where its kind")]
    [InlineData(18, 201, "200 bytes")]
    [InlineData(18, 150, "a header")]
    [InlineData(20, 1, "reserved")]
    [InlineData(-40, 0, "trailer")]
    [InlineData(-48, 1, "reserved")]
    [InlineData(-64, 1, "a table at a multiple")]
    [InlineData(-56, 2, "entries")]
    public async Task A_wrong_field_of_header_or_trailer_is_refused(
        int at, byte value, string words)
    {
        var file = new SfdBuilder { SizeBytes = 512 }.Build();
        if (at == 8)
            file[9] = 0;
        file[at < 0 ? file.Length + at : at] = value;
        SfdBuilder.Seal(file);
        Assert.Contains(words, (await RefusedAsync(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "0", "a version's number")]
    [InlineData(1, "x", "a version's number")]
    [InlineData(2, "abc", "64 hexadecimal digits")]
    [InlineData(3, "a\nb", "control characters")]
    [InlineData(3, "Version 3", "neither 'version' nor")]
    [InlineData(3, "fingerprint x", "neither 'version' nor")]
    public async Task A_parent_that_cannot_be_read_is_refused(byte kind, string parent, string words)
    {
        var e = await RefusedAsync(new SfdBuilder { ParentKind = kind, Parent = parent }.Build());
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_an_identifier_that_reads_like_a_version_is_refused()
    {
        var e = await RefusedAsync(new SfdBuilder { Id = "version 2" }.Build());
        Assert.Contains("'version 2'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_that_changed_is_found_by_the_checksum_over_it()
    {
        var builder = new SfdBuilder { ParentKind = 3, Parent = "feed-7" }
            .Data(0, DiskBytes.Noise(5120, 1)).Data(8192, DiskBytes.Noise(4096, 2));
        var sound = builder.Build();
        // A text of the header, a range's checksum in the table, and the checksum itself.
        foreach (var at in new[] { 25, builder.TableAt + 40, sound.Length - 1 })
        {
            var file = (byte[])sound.Clone();
            file[at] ^= 1;
            var e = await RefusedAsync(file);
            Assert.Equal("checksum", e.Reason);
            Assert.Contains("header and table", e.Message, StringComparison.Ordinal);
        }
        Assert.Equal("truncated", (await RefusedAsync(sound[..80])).Reason);
    }

    [Theory]
    [InlineData(0, 5120)]
    [InlineData(100, 50)]
    [InlineData(5000, 4000)]
    public async Task A_range_that_changed_is_refused_whichever_part_of_it_is_read(
        int offset, int count)
    {
        var file = new SfdBuilder().Data(0, DiskBytes.Noise(5120, 1))
            .Data(8192, DiskBytes.Noise(4096, 2)).Build();
        file[24 + 1000] ^= 1;
        var source = new MemoryByteSource(file);
        await using var image = await SfdImage.OpenAsync(source);
        await ImageSurvey.RunAsync(image, 8L << 30);
        Assert.InRange(source.BytesRead, 1, 5000);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await image.ReadAsync(offset, new byte[count]));
        Assert.Equal("checksum", e.Reason);
        Assert.Contains("5120 bytes for byte 0 of the disk", e.Message, StringComparison.Ordinal);
        // What lies beside it is sound.
        Assert.Equal(DiskBytes.Noise(4096, 2), await DiskBytes.ReadAsync(image, 8192, 4096));
    }

    [Fact]
    public async Task A_range_that_is_read_in_parts_is_read_once()
    {
        var noise = DiskBytes.Noise(1 << 20, 3);
        var source = new MemoryByteSource(new SfdBuilder().Data(0, noise).Build());
        await using var image = await SfdImage.OpenAsync(source);
        var found = new byte[noise.Length];
        for (var at = 0; at < found.Length; at += 65536)
            await image.ReadAsync(at, found.AsMemory(at, 65536));
        Assert.Equal(noise, found);
        Assert.InRange(source.BytesRead, 1 << 20, (1 << 20) + 20_000);
    }

    [Fact]
    public async Task What_is_written_is_what_the_document_says()
    {
        var noise = DiskBytes.Noise(4096, 1);
        using var file = new MemoryStream();
        using (var writer = new SfdWriter(
            file, new SfdHeader(1 << 20, SfdParentKind.Version, "3", "me")))
        {
            await writer.AddAsync(512, noise.AsMemory(0, 1024));
            await writer.AddAsync(1536, noise.AsMemory(1024, 1024));
            await writer.AddZerosAsync(new ByteRange(8192, 8704));
            await writer.AddZerosAsync(new ByteRange(8704, 9216));
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await writer.AddAsync(9000, noise));
            await writer.CompleteAsync();
        }

        Assert.Equal(
            new SfdBuilder { ParentKind = 1, Parent = "3", Id = "me" }
                .Data(512, noise[..1024]).Data(1536, noise[1024..2048]).Zeros(8192, 1024).Build(),
            file.ToArray());
    }

    [Fact]
    public async Task What_is_long_is_written_in_ranges_of_1_MiB()
    {
        var noise = DiskBytes.Noise((2 << 20) + 512, 1);
        using var file = new MemoryStream();
        using (var writer = new SfdWriter(
            file, new SfdHeader(4 << 20, SfdParentKind.None, string.Empty, string.Empty)))
        {
            await writer.AddAsync(512, noise);
            await writer.CompleteAsync();
        }

        await using var image = await SfdImage.OpenAsync(new MemoryByteSource(file.ToArray()));
        await ImageSurvey.RunAsync(image, 8L << 30);
        Assert.Contains("3 ranges", image.Description, StringComparison.Ordinal);
        Assert.Equal(noise, await DiskBytes.ReadAsync(image, 512, noise.Length));
    }

    private static Task<InvalidImageException> RefusedAsync(byte[] file) =>
        Assert.ThrowsAsync<InvalidImageException>(async () =>
        {
            await using var image = await SfdImage.OpenAsync(new MemoryByteSource(file));
            await ImageSurvey.RunAsync(image, 8L << 30);
        });
}
