using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>A disk answered as a file of another format, whole and by ranges.</summary>
public sealed class FormatTests(DiskFixture fixture) : IClassFixture<DiskFixture>
{
    private DiskServer Server => fixture.Server;

    public static TheoryData<string> Formats => [.. ExportFormats.ByRanges];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_range_has_the_bytes_that_a_restore_writes(string format)
    {
        var path = $"{DiskServer.Path(2)}?format={format}";
        var file = await RestoredAsync(format);
        var whole = await Server.GetAsync(path);
        Assert.Equal((200, file.Length), (whole.Status, (int)whole.ContentLength!));
        Assert.True(whole.Body.AsSpan().SequenceEqual(file));
        var random = new Random(5);
        for (var i = 0; i < 12; i++)
        {
            var first = random.Next(file.Length);
            var end = Math.Min(file.Length, first + random.Next(1, 40_000));
            var part = await Server.GetAsync(path, $"Range: bytes={first}-{end - 1}");
            Assert.Equal(206, part.Status);
            Assert.Equal($"bytes {first}-{end - 1}/{file.Length}", part["Content-Range"]);
            Assert.True(part.Body.AsSpan().SequenceEqual(file.AsSpan(first, end - first)));
        }
        var several = await Server.GetAsync(path, "Range: bytes=0-9,1000-1009,-5");
        Assert.StartsWith("multipart/byteranges", several["Content-Type"], StringComparison.Ordinal);
        var outside = await Server.GetAsync(path, $"Range: bytes={file.Length}-");
        Assert.Equal((416, $"bytes */{file.Length}"), (outside.Status, outside["Content-Range"]));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_tag_tells_formats_apart_and_conditions_go_by_it(string format)
    {
        var path = $"{DiskServer.Path(2)}?format={format}";
        var raw = await Server.AskAsync("HEAD", DiskServer.Path(2));
        var head = await Server.AskAsync("HEAD", path);
        var tag = head["ETag"]!;
        Assert.Equal($"{raw["ETag"]!.TrimEnd('"')}-{format}\"", tag);
        Assert.EndsWith(
            $"-v2-disk0{ExportFormats.ExtensionOf(format)}\"", head["Content-Disposition"],
            StringComparison.Ordinal);
        var get = await Server.GetAsync(path);
        Assert.Equal(get.ContentLength, head.ContentLength);
        Assert.Equal(
            304, (await Server.GetAsync(path, $"If-None-Match: {tag}")).Status);
        Assert.Equal(
            412, (await Server.GetAsync(path, $"If-Match: {raw["ETag"]}")).Status);
        Assert.Equal(
            200, (await Server.GetAsync(path, "Range: bytes=0-5", $"If-Range: {raw["ETag"]}")).Status);
        Assert.Equal(
            206, (await Server.GetAsync(path, "Range: bytes=0-5", $"If-Range: {tag}")).Status);
        var latest = await Server.AskAsync("HEAD", $"{DiskServer.Path("latest")}?format={format}");
        Assert.Equal($"{DiskServer.Path(4)}?format={format}", latest["Content-Location"]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_empty_disk_is_an_image_of_the_least_size(string format)
    {
        var answer = await Server.GetAsync($"{DiskServer.Path("2", "empty")}?format={format}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(answer.ContentLength, answer.Body.Length);
        Assert.NotEmpty(answer.Body);
    }

    [Theory]
    [InlineData("vmdk", "refused-format-stream", "Restore it to a file")]
    [InlineData("zip", "refused-parameter", "one of raw, qcow2, vhd, vhd-dynamic, vhdx")]
    public async Task A_format_without_a_layout_is_a_clear_problem(
        string format, string code, string words)
    {
        var answer = await Server.GetAsync($"{DiskServer.Path(2)}?format={format}");
        Assert.Equal(400, answer.Status);
        Assert.Equal(code, answer.Json.GetProperty("code").GetString());
        Assert.Contains(
            words, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_named_outright_is_the_disk_itself()
    {
        var answer = await Server.GetAsync($"{DiskServer.Path(2)}?format=raw");
        Assert.Equal(Server.Versions[2], answer.Body);
        Assert.Equal((await Server.AskAsync("HEAD", DiskServer.Path(2)))["ETag"], answer["ETag"]);
    }

    /// <summary>What <c>restore</c> writes: the same layout over the disk's own bytes.</summary>
    private async Task<byte[]> RestoredAsync(string format)
    {
        var disk = Server.Versions[2];
        var raw = new RawImage(new MemoryByteSource(disk));
        var view = await Server.Services.Engine.Views.OpenAsync(
            DiskServer.Machine, 2, DiskServer.Disk, CancellationToken.None);
        // The disk's own blocks tell where it holds anything, as they do in a restore.
        async IAsyncEnumerable<Extent> Extents(
            Engine.Model.ByteRange range,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            var block = view.Layout.BlockBytes;
            for (var at = range.Offset; at < range.End; at += block)
            {
                cancellation.ThrowIfCancellationRequested();
                var end = Math.Min(at + block, range.End);
                var isZero = !disk.AsSpan((int)at, (int)(end - at)).ContainsAnyExcept((byte)0);
                yield return new Extent(
                    new Engine.Model.ByteRange(at, end), isZero ? ExtentKind.Zero : ExtentKind.Data);
            }
        }

        if (format is ExportFormats.Qcow2)
        {
            using var stream = new MemoryStream();
            await Qcow2Writer.WriteAsync(stream, disk.Length, Extents, raw.ReadAsync);
            return stream.ToArray();
        }
        var layout = await ExportFormats.OpenAsync(
            format, new ExportDisk(disk.Length, view.Disk.Node, raw.ReadAsync, Extents));
        var file = new byte[layout.LengthBytes];
        await layout.ReadAsync(0, file);
        return file;
    }
}
