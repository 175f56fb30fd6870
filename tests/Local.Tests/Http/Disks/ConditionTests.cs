using System.Globalization;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Conditions of a read (RFC 9110, 13), and what stays fresh for how long.</summary>
public sealed class ConditionTests(DiskFixture fixture) : IClassFixture<DiskFixture>
{
    private static readonly string Path = DiskServer.Path(2);

    private DiskServer Server => fixture.Server;

    [Fact]
    public async Task The_tag_is_strong_and_made_of_the_fingerprint_and_the_size()
    {
        var version = await (await Server.ManifestAsync()).FindVersionAsync(2);
        var disk = version!.Disks.Single(d => d.Name == DiskServer.Disk);
        Assert.Equal($"\"{disk.Node}-{disk.SizeBytes}\"", await TagAsync());
        Assert.NotEqual(await TagAsync(), (await Server.GetAsync(DiskServer.Path(3)))["ETag"]);
    }

    [Fact]
    public async Task A_version_may_be_kept_for_good_and_the_latest_must_be_asked_for_again()
    {
        var version = await Server.GetAsync(Path);
        Assert.Equal("private, max-age=31536000, immutable", version["Cache-Control"]);
        Assert.Null(version["Content-Location"]);
        Assert.Equal("attachment; filename=\"vm-v2-disk0.raw\"", version["Content-Disposition"]);
        var newest = Server.Versions.Keys.Max();
        var concrete = await Server.GetAsync(DiskServer.Path(newest));
        var latest = await Server.GetAsync(DiskServer.Path("latest"));
        Assert.Equal(
            ("private, no-cache", DiskServer.Path(newest), concrete["ETag"]),
            (latest["Cache-Control"], latest["Content-Location"], latest["ETag"]));
        Assert.Equal(concrete.Body, latest.Body);
        Assert.Null(latest["Last-Modified"]);
    }

    [Fact]
    public async Task Last_modified_is_the_versions_time()
    {
        var version = await (await Server.ManifestAsync()).FindVersionAsync(2);
        Assert.Equal(
            version!.Time.ToString("R", CultureInfo.InvariantCulture), await ModifiedAsync());
    }

    [Theory]
    [InlineData("{tag}")]
    [InlineData("W/{tag}")]
    [InlineData("\"other\", {tag}")]
    [InlineData("\"a,b\",,{tag}")]
    [InlineData("*")]
    public async Task A_state_that_the_client_has_is_not_sent_again(string tags)
    {
        foreach (var method in new[] { "GET", "HEAD" })
        {
            var answer = await Server.AskAsync(
                method, Path, $"If-None-Match: {tags.Replace("{tag}", await TagAsync())}",
                "Range: bytes=0-5");
            Assert.Equal((304, await TagAsync()), (answer.Status, answer["ETag"]));
            Assert.NotNull(answer["Cache-Control"]);
            Assert.Empty(answer.Body);
            Assert.Null(answer["Last-Modified"]);
            Assert.Null(answer["Content-Range"]);
        }
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_state_that_the_client_has_not_is_sent(string tags) =>
        Assert.Equal(200, (await Server.GetAsync(Path, $"If-None-Match: {tags}")).Status);

    [Theory]
    [InlineData("{tag}", 200)]
    [InlineData("\"other\", {tag}", 200)]
    [InlineData("*", 200)]
    [InlineData("W/{tag}", 412)]
    [InlineData("\"other\"", 412)]
    [InlineData("nonsense", 412)]
    public async Task If_match_takes_the_strong_tag_that_stands_only(string tags, int status)
    {
        var header = $"If-Match: {tags.Replace("{tag}", await TagAsync())}";
        Assert.Equal(status, (await Server.GetAsync(Path, header)).Status);
        Assert.Equal(status, (await Server.AskAsync("HEAD", Path, header)).Status);
    }

    [Theory]
    [InlineData(0, 304)]
    [InlineData(1, 304)]
    [InlineData(-1, 200)]
    public async Task If_modified_since_tells_by_the_second(int seconds, int status) =>
        Assert.Equal(status, (await Server.GetAsync(
            Path, $"If-Modified-Since: {await ModifiedAsync(seconds)}")).Status);

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 200)]
    [InlineData(-1, 412)]
    public async Task If_unmodified_since_tells_by_the_second(int seconds, int status) =>
        Assert.Equal(status, (await Server.GetAsync(
            Path, $"If-Unmodified-Since: {await ModifiedAsync(seconds)}")).Status);

    [Fact]
    public async Task The_old_forms_of_dates_are_read_too()
    {
        var time = DateTimeOffset.Parse(await ModifiedAsync(), CultureInfo.InvariantCulture);
        foreach (var form in new[] { "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy" })
            Assert.Equal(304, (await Server.GetAsync(
                Path, $"If-Modified-Since: {time.ToString(form, CultureInfo.InvariantCulture)}")).Status);
        Assert.Equal(200, (await Server.GetAsync(
            Path, "If-Modified-Since: 2036-01-01T00:00:00Z")).Status);
    }

    [Fact]
    public async Task Tags_go_before_dates()
    {
        // Each date alone would give another answer.
        var both = await Server.GetAsync(
            Path, "If-None-Match: \"other\"", $"If-Modified-Since: {await ModifiedAsync(9)}");
        Assert.Equal(200, both.Status);
        var match = await Server.GetAsync(
            Path, $"If-Match: {await TagAsync()}", $"If-Unmodified-Since: {await ModifiedAsync(-9)}");
        Assert.Equal(200, match.Status);
    }

    [Fact]
    public async Task A_failed_if_match_goes_before_a_304_and_both_before_the_range()
    {
        var answer = await Server.GetAsync(
            Path, "If-Match: \"other\"", "If-None-Match: *", "Range: bytes=99999999-");
        Assert.Equal(412, answer.Status);
        answer = await Server.GetAsync(Path, "If-None-Match: *", "Range: bytes=99999999-");
        Assert.Equal(304, answer.Status);
    }

    [Fact]
    public async Task Dates_say_nothing_of_the_latest()
    {
        var path = DiskServer.Path("latest");
        Assert.Equal(200, (await Server.GetAsync(
            path, "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT")).Status);
        Assert.Equal(200, (await Server.GetAsync(
            path, "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT")).Status);
        Assert.Equal(200, (await Server.GetAsync(
            path, $"If-Range: {await ModifiedAsync()}", "Range: bytes=0-5")).Status);
    }

    [Fact]
    public async Task A_range_counts_while_if_range_names_what_stands()
    {
        foreach (var standing in new[] { await TagAsync(), await ModifiedAsync() })
        {
            var answer = await Server.GetAsync(Path, $"If-Range: {standing}", "Range: bytes=0-5");
            Assert.Equal((206, 6L), (answer.Status, answer.ContentLength));
        }
    }

    [Fact]
    public async Task A_stale_if_range_brings_the_whole()
    {
        var stale = new[]
        {
            "\"other\"", $"W/{await TagAsync()}", await ModifiedAsync(1), await ModifiedAsync(-1),
            "nonsense", $"{await TagAsync()}, \"x\"", "*",
        };
        foreach (var field in stale)
        {
            var answer = await Server.GetAsync(Path, $"If-Range: {field}", "Range: bytes=0-5");
            Assert.Equal((200, Server.Versions[2].Length), (answer.Status, answer.Body.Length));
            answer = await Server.GetAsync(Path, $"If-Range: {field}", "Range: bytes=99999999-");
            Assert.Equal(200, answer.Status);
        }
    }

    [Fact]
    public async Task If_range_without_a_range_says_nothing() =>
        Assert.Equal(200, (await Server.GetAsync(Path, "If-Range: \"other\"")).Status);

    [Theory]
    [InlineData("/api/machines/vm/versions/99/disks/disk0", 404)]
    [InlineData("/api/machines/vm/versions/2/disks/other", 404)]
    [InlineData("/api/machines/other/versions/2/disks/disk0", 404)]
    [InlineData("/api/machines/vm/versions/0/disks/disk0", 400)]
    [InlineData("/api/machines/vm/versions/-1/disks/disk0", 400)]
    [InlineData("/api/machines/vm/versions/x/disks/disk0", 400)]
    [InlineData("/api/machines/vm/versions/2/disks/..%2f..%2fhead", 400)]
    [InlineData("/api/machines/..%2fvm/versions/2/disks/disk0", 400)]
    public async Task What_is_not_there_is_a_problem(string path, int status)
    {
        var answer = await Server.GetAsync(path);
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer["Content-Type"]));
        Assert.Equal(status, (await Server.AskAsync("HEAD", path)).Status);
    }

    private async Task<string> TagAsync() => (await Server.AskAsync("HEAD", Path))["ETag"]!;

    private async Task<string> ModifiedAsync(int seconds = 0) => DateTimeOffset
        .Parse((await Server.AskAsync("HEAD", Path))["Last-Modified"]!, CultureInfo.InvariantCulture)
        .AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
}
