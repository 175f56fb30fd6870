using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Mounts;

/// <summary>Requests that a mount's disk does not take, and conditions.</summary>
public sealed class MountWriteTests
{
    private const int Size = MountBench.SystemBytes;

    /// <summary>A Content-Range, the body's length, and what is answered.</summary>
    public static TheoryData<string?, int, int, string> Refused => new()
    {
        { null, 10, 400, "refused-parameter" },
        { "bytes 0-9", 10, 400, "refused-parameter" },
        { "bytes */40960", 10, 400, "refused-parameter" },
        { "bytes 9-0/40960", 10, 400, "refused-parameter" },
        { "bytes -5-4/40960", 10, 400, "refused-parameter" },
        { "sectors 0-9/40960", 10, 400, "refused-parameter" },
        { "bytes 0-9223372036854775807/*", 10, 400, "refused-parameter" },
        { "bytes 0-99999999999999999999/*", 10, 400, "refused-parameter" },
        { "bytes 0-9/40961", 10, 400, "refused-range" },
        { "bytes 0-9/40959", 10, 400, "refused-range" },
        { "bytes 40955-40964/*", 10, 400, "refused-range" },
        { "bytes 50000-50009/*", 10, 400, "refused-range" },
        { "bytes 0-9/40960", 9, 400, "refused-upload-length" },
        { "bytes 0-9/40960", 11, 400, "refused-upload-length" },
        { "bytes 0-9/40960", 0, 400, "refused-upload-length" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_range_that_is_not_as_it_must_be_is_refused_and_changes_nothing(
        string? range, int length, int status, string code)
    {
        await using var bench = await MountBench.StartAsync();
        await bench.WriteAsync("disk0", 100, [1, 2, 3]);
        var stored = bench.Stored();
        Assert.Equal(
            (status, code),
            await ApiBench.ProblemAsync(
                bench.PutAsync("disk0", range, new ByteArrayContent(new byte[length]))));
        Assert.Equal(stored, bench.Stored());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1001)]
    public async Task A_body_of_another_length_than_it_tells_writes_nothing(int length)
    {
        await using var bench = await MountBench.StartAsync();
        var stored = bench.Stored();
        // Its length is not told in a header, so that only its end tells.
        var body = new StreamContent(new UntoldStream(new byte[length]));
        Assert.Equal(
            (400, "refused-body-short"),
            await ApiBench.ProblemAsync(
                bench.PutAsync("disk0", $"bytes 0-999/{Size}", body)));
        Assert.Equal(stored, bench.Stored());
    }

    [Fact]
    public async Task More_than_one_request_may_bring_is_refused_before_it_is_read()
    {
        const int Most = 8192;
        await using var api = await ApiBench.StartAsync(new() { MostMountWriteBytes = Most });
        await api.IngestAsync("vm", null, null, ("disk0", ApiBench.Content(1)));
        using var opened = await api.PostAsync("/api/machines/vm/versions/latest/mounts", null);
        var path = $"{opened.Headers.Location!.OriginalString}/disks/disk0";
        foreach (var (length, status) in new[] { (Most + 1, 413), (Most, 204) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, path)
            {
                Content = new ByteArrayContent(new byte[length]),
            };
            request.Content.Headers.TryAddWithoutValidation(
                "Content-Range", $"bytes 0-{length - 1}/{Size}");
            using var answer = await api.Client.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Nobody_can_ask_for_a_state_that_is_not_told()
    {
        await using var bench = await MountBench.StartAsync();
        var range = $"bytes 0-2/{Size}";
        byte[] bytes = [4, 5, 6];
        var stored = bench.Stored();
        foreach (var header in new[] { ("If-Match", "\"x\""), ("If-None-Match", "*") })
        {
            Assert.Equal(
                (412, "precondition-failed"),
                await ApiBench.ProblemAsync(
                    bench.PutAsync("disk0", range, new ByteArrayContent(bytes), header)));
        }
        Assert.Equal(stored, bench.Stored());
        using var put = await bench.PutAsync(
            "disk0", range, new ByteArrayContent(bytes), ("If-Match", "*"));
        Assert.Equal(204, (int)put.StatusCode);
        Assert.Equal(
            (412, "precondition-failed"),
            await ApiBench.ProblemAsync(
                bench.SendAsync("GET", bench.DiskOf("disk0"), ("If-Match", "\"x\""))));
        // If-Range names what does not stand: the range does not count.
        using var whole = await bench.SendAsync(
            "GET", bench.DiskOf("disk0"), ("Range", "bytes=0-2"), ("If-Range", "\"x\""));
        Assert.Equal(200, (int)whole.StatusCode);
        Assert.Null(whole.Headers.ETag);
        Assert.True(whole.Headers.CacheControl!.NoStore);
        using var beyond = await bench.SendAsync(
            "GET", bench.DiskOf("disk0"), ("Range", $"bytes={Size}-"));
        Assert.Equal(416, (int)beyond.StatusCode);
    }

    [Fact]
    public async Task The_mount_itself_has_a_state_that_can_be_asked_for()
    {
        await using var bench = await MountBench.StartAsync();
        using var shown = await bench.SendAsync("GET", bench.Path);
        var tag = shown.Headers.ETag!.ToString();
        using var same = await bench.SendAsync("GET", bench.Path, ("If-None-Match", tag));
        Assert.Equal(304, (int)same.StatusCode);
        Assert.Equal(
            (412, "precondition-failed"),
            await ApiBench.ProblemAsync(
                bench.SendAsync("DELETE", bench.Path, ("If-Match", "\"other\""))));
        using var dropped = await bench.SendAsync("DELETE", bench.Path, ("If-Match", tag));
        Assert.Equal(204, (int)dropped.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/machines/vm/versions/3/mounts/{id}")]
    [InlineData("GET", "/api/machines/vm/versions/2/mounts/ffffffffffffffff")]
    [InlineData("GET", "/api/machines/other/versions/2/mounts/{id}")]
    [InlineData("GET", "/api/machines/vm/versions/2/mounts/{id}/disks/disk7")]
    [InlineData("PUT", "/api/machines/vm/versions/2/mounts/{id}/disks/disk7")]
    [InlineData("POST", "/api/machines/vm/versions/9/mounts")]
    [InlineData("POST", "/api/machines/none/versions/1/mounts")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        await using var bench = await MountBench.StartAsync();
        var stored = bench.Stored();
        Assert.Equal(
            (404, "not-found"),
            await ApiBench.ProblemAsync(bench.SendAsync(
                method, path.Replace("{id}", bench.Id, StringComparison.Ordinal))));
        Assert.Equal(stored, bench.Stored());
    }

    [Theory]
    [InlineData("/api/machines/vm/versions/latest/mounts/{id}")]
    [InlineData("/api/machines/vm/versions/2/mounts/..%2F..%2Fhead")]
    [InlineData("/api/machines/vm/versions/2/mounts/FFFFFFFFFFFFFFFF")]
    public async Task What_can_name_no_mount_is_refused(string path)
    {
        await using var bench = await MountBench.StartAsync();
        Assert.Equal(
            (400, "refused-parameter"),
            await ApiBench.ProblemAsync(bench.SendAsync(
                "GET", path.Replace("{id}", bench.Id, StringComparison.Ordinal))));
    }

    /// <summary>A stream that does not tell how long it is.</summary>
    private sealed class UntoldStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
