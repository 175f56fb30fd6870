using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Ranges of a disk, by the letter of RFC 9110, 14 and 15.3.7.</summary>
public sealed class RangeTests(DiskFixture fixture) : IClassFixture<DiskFixture>
{
    private DiskServer Server => fixture.Server;

    private byte[] Content => Server.Versions[2];

    private int Size => Content.Length;

    [Fact]
    public async Task Without_a_range_all_of_the_disk_is_answered()
    {
        foreach (var (version, content) in Server.Versions)
        {
            var answer = await Server.GetAsync(DiskServer.Path(version));
            Assert.Equal(200, answer.Status);
            Assert.Equal(content, answer.Body);
            Assert.Equal(content.Length, answer.ContentLength);
            Assert.Equal("bytes", answer["Accept-Ranges"]);
            Assert.Equal("application/octet-stream", answer["Content-Type"]);
            Assert.Null(answer["Content-Range"]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1023)]
    [InlineData(1, 4096)]
    [InlineData(16380, 16390)]
    [InlineData(100, 40_000)]
    public async Task A_first_and_a_last_byte_are_both_in_the_range(int first, int last) =>
        await PartialAsync($"bytes={first}-{last}", first, last + 1);

    [Fact]
    public async Task A_single_byte_at_the_very_end_can_be_read() =>
        await PartialAsync($"bytes={Size - 1}-{Size - 1}", Size - 1, Size);

    [Fact]
    public async Task An_open_range_goes_to_the_end() =>
        await PartialAsync("bytes=70-", 70, Size);

    [Fact]
    public async Task A_range_from_zero_on_is_a_206_though_it_is_all() =>
        await PartialAsync("bytes=0-", 0, Size);

    [Fact]
    public async Task A_suffix_counts_from_the_end() =>
        await PartialAsync("bytes=-700", Size - 700, Size);

    [Fact]
    public async Task A_suffix_longer_than_the_disk_is_all_of_it() =>
        await PartialAsync("bytes=-99999999", 0, Size);

    [Fact]
    public async Task A_last_byte_beyond_the_end_is_clipped() =>
        await PartialAsync("bytes=500-99999999", 500, Size);

    [Fact]
    public async Task Numbers_beyond_all_measure_are_clipped_too() =>
        await PartialAsync("bytes=500-99999999999999999999999999", 500, Size);

    [Fact]
    public async Task A_suffix_beyond_all_measure_is_all_of_it() =>
        await PartialAsync("bytes=-99999999999999999999999999", 0, Size);

    [Fact]
    public async Task The_unit_is_not_told_by_case() => await PartialAsync("BYTES=5-9", 5, 10);

    [Fact]
    public async Task Empty_elements_and_blanks_of_a_list_are_passed_over() =>
        await PartialAsync("bytes=, 5-9 ,\t,", 5, 10);

    [Fact]
    public async Task The_first_byte_past_the_end_is_not_satisfiable() =>
        await UnsatisfiableAsync($"bytes={Size}-");

    [Fact]
    public async Task A_range_wholly_past_the_end_is_not_satisfiable() =>
        await UnsatisfiableAsync("bytes=99999999-99999999999999999999999999");

    [Fact]
    public async Task A_suffix_of_no_bytes_is_not_satisfiable() => await UnsatisfiableAsync("bytes=-0");

    [Fact]
    public async Task Several_ranges_none_of_which_is_there_are_not_satisfiable() =>
        await UnsatisfiableAsync($"bytes={Size}-,-0");

    [Theory]
    [InlineData("bytes=9-5")]
    [InlineData("bytes=99999999999999999999999999-5")]
    [InlineData("bytes=99999999999999999999999999-99999999999999999999999998")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=+1-5")]
    [InlineData("bytes=1 -5")]
    [InlineData("bytes= 1-5")]
    [InlineData("bytes =1-5")]
    [InlineData("bytes:1-5")]
    [InlineData("bytes=0-1;2-3")]
    [InlineData("bytes=0-1,x")]
    [InlineData("bytes=0x1-5")]
    public async Task A_malformed_range_is_ignored(string range) => await WholeAsync($"Range: {range}");

    [Theory]
    [InlineData("seconds=1-5")]
    [InlineData("none")]
    [InlineData("byte=1-5")]
    public async Task A_range_of_an_unknown_unit_is_ignored(string range) =>
        await WholeAsync($"Range: {range}");

    [Fact]
    public async Task Two_lines_of_range_are_no_list_and_ignored() =>
        await WholeAsync("Range: bytes=0-5", "Range: bytes=8-9");

    [Fact]
    public async Task A_head_ignores_the_range_and_tells_what_a_get_of_all_would()
    {
        foreach (var range in new[] { "bytes=0-5", "bytes=99999999-", "nonsense" })
        {
            var head = await Server.AskAsync("HEAD", DiskServer.Path(2), $"Range: {range}");
            var get = await Server.GetAsync(DiskServer.Path(2));
            Assert.Equal(200, head.Status);
            Assert.Empty(head.Body);
            Assert.Equal(
                get.Headers.Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal),
                head.Headers.Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_empty_disk_is_answered_whole_without_bytes()
    {
        var answer = await Server.GetAsync(DiskServer.Path("2", "empty"));
        Assert.Equal((200, 0L), (answer.Status, answer.ContentLength));
        Assert.Empty(answer.Body);
        var head = await Server.AskAsync("HEAD", DiskServer.Path("2", "empty"));
        Assert.Equal((200, 0L), (head.Status, head.ContentLength));
    }

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=0-0")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=5-9,0-")]
    public async Task No_range_of_an_empty_disk_is_satisfiable(string range)
    {
        var answer = await Server.GetAsync(DiskServer.Path("2", "empty"), $"Range: {range}");
        Assert.Equal((416, "bytes */0"), (answer.Status, answer["Content-Range"]));
    }

    [Fact]
    public async Task A_suffix_of_an_empty_disk_is_satisfiable_and_answered_with_the_whole()
    {
        var answer = await Server.GetAsync(DiskServer.Path("2", "empty"), "Range: bytes=-5");
        Assert.Equal((200, 0L, null), (answer.Status, answer.ContentLength, answer["Content-Range"]));
    }

    private async Task PartialAsync(string range, int first, int end)
    {
        var answer = await Server.GetAsync(DiskServer.Path(2), $"Range: {range}");
        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes {first}-{end - 1}/{Size}", answer["Content-Range"]);
        Assert.Equal(end - first, answer.ContentLength);
        Assert.Equal("application/octet-stream", answer["Content-Type"]);
        Assert.True(answer.Body.AsSpan().SequenceEqual(Content.AsSpan(first, end - first)));
    }

    private async Task UnsatisfiableAsync(string range)
    {
        var answer = await Server.GetAsync(DiskServer.Path(2), $"Range: {range}");
        Assert.Equal(416, answer.Status);
        Assert.Equal($"bytes */{Size}", answer["Content-Range"]);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Equal(
            "/api/problems/range-not-satisfiable", answer.Json.GetProperty("type").GetString());
        Assert.Null(answer["ETag"]);
    }

    private async Task WholeAsync(params string[] headers)
    {
        var answer = await Server.GetAsync(DiskServer.Path(2), headers);
        Assert.Equal((200, null), (answer.Status, answer["Content-Range"]));
        Assert.Equal(Content, answer.Body);
    }
}
