using System.Text;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Several ranges in one request (RFC 9110, 14.6 and 15.3.7.2).</summary>
public sealed class SeveralRangesTests(DiskFixture fixture) : IClassFixture<DiskFixture>
{
    private DiskServer Server => fixture.Server;

    private byte[] Content => Server.Versions[3];

    private int Size => Content.Length;

    [Fact]
    public async Task Several_ranges_come_as_parts_in_the_order_they_were_named()
    {
        var parts = await PartsAsync("bytes=5000-9999,0-9,-77,20000-20000");
        Assert.Equal([(5000, 10000), (0, 10), (Size - 77, Size), (20000, 20001)], parts);
    }

    [Fact]
    public async Task Ranges_that_cannot_be_satisfied_are_left_out() =>
        Assert.Equal(
            [(0, 10), (50, 60)], await PartsAsync($"bytes=0-9,{Size}-,-0,50-59,99999999-"));

    [Fact]
    public async Task Ranges_that_overlap_come_as_one_in_the_place_of_the_first_named() =>
        Assert.Equal(
            [(100, 300), (0, 10)], await PartsAsync("bytes=200-299,0-9,100-249,120-130"));

    [Fact]
    public async Task Ranges_that_touch_come_as_one() =>
        Assert.Equal([(0, 20), (30, 40)], await PartsAsync("bytes=10-19,30-39,0-9"));

    [Theory]
    [InlineData("bytes=0-9,10-19", 0, 20)]
    [InlineData("bytes=0-9,99999999-", 0, 10)]
    [InlineData("bytes=5-,0-5,-1", 0, -1)]
    public async Task What_is_left_as_one_range_is_no_multipart(string range, int first, int end)
    {
        if (end < 0) end = Size;
        var answer = await Server.GetAsync(DiskServer.Path(3), $"Range: {range}");
        Assert.Equal(
            (206, "application/octet-stream", $"bytes {first}-{end - 1}/{Size}"),
            (answer.Status, answer["Content-Type"], answer["Content-Range"]));
        Assert.Equal(Content[first..end], answer.Body);
    }

    [Fact]
    public async Task As_many_ranges_as_the_limit_are_answered()
    {
        var most = Server.Services.Options.MostRanges;
        var parts = await PartsAsync($"bytes={string.Join(',', Enumerable.Range(0, most)
            .Select(i => $"{i * 100}-{(i * 100) + 9}"))}");
        Assert.Equal(most, parts.Count);
    }

    [Fact]
    public async Task More_ranges_than_the_limit_are_rejected_as_excessive()
    {
        var most = Server.Services.Options.MostRanges;
        var range = string.Join(',', Enumerable.Repeat("0-", most + 1));
        var answer = await Server.GetAsync(DiskServer.Path(3), $"Range: bytes={range}");
        Assert.Equal((416, $"bytes */{Size}"), (answer.Status, answer["Content-Range"]));
        Assert.Contains($"{most} ranges", answer.Json.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    /// <summary>Takes a multipart apart, byte by byte as the length says, and compares its parts.</summary>
    private async Task<List<(int First, int End)>> PartsAsync(string range)
    {
        var answer = await Server.GetAsync(DiskServer.Path(3), $"Range: {range}");
        Assert.Equal(206, answer.Status);
        Assert.False(answer.IsCut);
        Assert.Null(answer["Content-Range"]);
        var type = answer["Content-Type"]!;
        Assert.StartsWith("multipart/byteranges; boundary=", type, StringComparison.Ordinal);
        var boundary = $"--{type.Split('=')[1]}";
        var at = 0;
        var parts = new List<(int, int)>();
        while (true)
        {
            var line = Line(answer.Body, ref at);
            if (line == $"{boundary}--")
            {
                Assert.Equal(answer.Body.Length, at);
                return parts;
            }
            Assert.Equal(boundary, line);
            Assert.Equal("Content-Type: application/octet-stream", Line(answer.Body, ref at));
            var numbers = Line(answer.Body, ref at)["Content-Range: bytes ".Length..].Split('-', '/');
            Assert.Equal($"{Size}", numbers[2]);
            Assert.Equal(string.Empty, Line(answer.Body, ref at));
            var (first, end) = (int.Parse(numbers[0]), int.Parse(numbers[1]) + 1);
            Assert.True(
                answer.Body.AsSpan(at, end - first).SequenceEqual(Content.AsSpan(first, end - first)));
            at += end - first;
            Assert.Equal(string.Empty, Line(answer.Body, ref at));
            parts.Add((first, end));
        }
    }

    private static string Line(byte[] body, ref int at)
    {
        var end = at + body.AsSpan(at).IndexOf("\r\n"u8);
        var line = Encoding.ASCII.GetString(body, at, end - at);
        at = end + 2;
        return line;
    }
}
