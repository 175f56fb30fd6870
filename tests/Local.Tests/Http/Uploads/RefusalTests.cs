using System.Text;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.TestShared.Time;
using Xunit;
using static SnapshotFunctions.LocalTests.Http.Uploads.UploadBench;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

public sealed class RefusalTests
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;

    [Theory]
    [InlineData("disks/d?format=vdi", null, 10, 400, "refused-format")]
    [InlineData("disks/d?format=RAW", null, 10, 400, "refused-format")]
    [InlineData("disks/d?format=raw&format=raw", null, 10, 400, "refused-parameter")]
    [InlineData("disks/d", null, 10, 400, "refused-format")]
    [InlineData("disks/d?format=raw", null, 0, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 5-14/20", 10, 409, "refused-upload-offset")]
    [InlineData("disks/d?format=raw", "bytes 0-8/20", 10, 400, "refused-upload-length")]
    [InlineData("disks/d?format=raw", "bytes 0-10/20", 10, 400, "refused-upload-length")]
    [InlineData("disks/d?format=raw", "bytes 0-9/9", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 9-0/20", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes */20", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes -5-4/20", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 0-9", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "lines 0-9/20", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 0-9/99999999999999999999", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 0-9/9223372036854775807", 10, 413, "refused-body-length")]
    [InlineData("disks/d?format=raw", "bytes 0-9223372036854775807/*", 10, 400, "refused-parameter")]
    [InlineData("disks/d?format=raw", "bytes 9223372036854775797-9223372036854775806/*", 10, 413, "refused-body-length")]
    [InlineData("files/nvram", "bytes 0-9/16777217", 10, 413, "refused-body-length")]
    [InlineData("files/disk0.raw", null, 10, 400, "refused-name")]
    [InlineData("files/snapshot.json", null, 10, 400, "refused-name")]
    [InlineData("files/reason.json", null, 10, 400, "refused-name")]
    [InlineData("files/A", null, 10, 400, "refused-name")]
    public async Task A_put_that_is_wrong_is_refused_and_stores_nothing(
        string path, string? range, int length, int status, string code)
    {
        await using var bench = await OpenAsync();
        using var answer = await bench.PutAsync(
            At("web", "a", $"/{path}"), Noise(length, 1), range);

        Assert.Equal(code, await CodeAsync(answer, status));
        var stored = Directory.Exists(bench.Incoming())
            ? Directory.GetFiles(bench.Incoming(), "*", SearchOption.AllDirectories) : [];
        Assert.Empty(stored);
    }

    [Fact]
    public async Task What_contradicts_what_was_told_before_is_refused_with_where_it_stands()
    {
        await using var bench = await OpenAsync();
        var path = At("web", "a", "/disks/d");
        using var begun = await bench.PutAsync($"{path}?format=raw", Noise(10, 1), "bytes 0-9/30");
        using var gap = await bench.PutAsync(path, Noise(10, 1), "bytes 11-20/30");
        using var total = await bench.PutAsync(path, Noise(10, 1), "bytes 10-19/31");
        using var beyond = await bench.PutAsync(path, Noise(21, 1), "bytes 10-30/*");
        using var format = await bench.PutAsync($"{path}?format=qcow2", Noise(10, 1), "bytes 10-19/30");
        using var encoded = await bench.SendAsync(HttpMethod.Put, path, Encoded(Noise(10, 1)));

        Assert.Equal(200, (int)begun.StatusCode);
        Assert.Equal("refused-upload-offset", await CodeAsync(gap, 409));
        Assert.Equal("10", Header(gap, "Upload-Offset"));
        Assert.Equal("30", Header(gap, "Upload-Length"));
        Assert.Equal("refused-upload-total", await CodeAsync(total, 409));
        Assert.Equal("refused-upload-total", await CodeAsync(beyond, 409));
        Assert.Equal("refused-upload-format-differs", await CodeAsync(format, 409));
        Assert.Equal("refused-parameter", await CodeAsync(encoded, 400));
        // Begun anew it may have another length; dropped, another format.
        using var anew = await bench.PutAsync(path, Noise(40, 1), "bytes 0-39/40");
        using var dropped = await bench.SendAsync(HttpMethod.Delete, path);
        using var gone = await bench.SendAsync(HttpMethod.Delete, path);
        using var other = await bench.PutAsync($"{path}?format=img", Noise(10, 1));
        Assert.Equal(
            [201, 204, 404, 201],
            new[] { anew, dropped, gone, other }.Select(a => (int)a.StatusCode));
    }

    [Fact]
    public async Task A_body_longer_than_told_keeps_nothing_of_its_piece_and_a_shorter_one_what_came()
    {
        await using var bench = await OpenAsync();
        var path = At("web", "a", "/disks/d?format=raw");
        await bench.PutAsync(path, Noise(10, 1), "bytes 0-9/300");
        using var longer = await bench.SendAsync(
            HttpMethod.Put, path, new TricklingContent([Noise(20, 2), Noise(30, 3)]),
            "bytes 10-29/300");
        using var after = await bench.SendAsync(HttpMethod.Head, path);
        using var shorter = await bench.SendAsync(
            HttpMethod.Put, path, new TricklingContent([Noise(20, 4)]), "bytes 10-299/300");

        Assert.Equal("refused-upload-length", await CodeAsync(longer, 400));
        Assert.Equal("10", Header(after, "Upload-Offset"));
        Assert.Equal("refused-upload-length", await CodeAsync(shorter, 400));
        Assert.Equal("30", Header(shorter, "Upload-Offset"));
        byte[] expected = [.. Noise(10, 1), .. Noise(20, 4)];
        Assert.Equal(
            expected,
            await File.ReadAllBytesAsync(
                bench.Incoming("web", ".a.uploading", "gathered", "d.raw")));
    }

    [Fact]
    public async Task A_machine_file_of_unknown_length_ends_at_the_most_that_is_taken()
    {
        await using var bench = await OpenAsync();
        var path = At("web", "a", "/files/tpm");
        using var most = await bench.SendAsync(
            HttpMethod.Put, path, new TricklingContent([new byte[16 << 20]]));
        using var answer = await bench.SendAsync(
            HttpMethod.Put, path, new TricklingContent([Noise(16 << 20, 1), Noise(1, 1)]));
        using var head = await bench.SendAsync(HttpMethod.Head, path);

        Assert.Equal(201, (int)most.StatusCode);
        Assert.Equal("refused-body-length", await CodeAsync(answer, 413));
        Assert.Equal("0", Header(head, "Upload-Offset"));
    }

    [Fact]
    public async Task No_more_than_64_machine_files_are_taken()
    {
        await using var bench = await OpenAsync();
        for (var i = 0; i < 64; i++)
        {
            using var taken = await bench.PutAsync(At("web", "a", $"/files/f{i}"), [1]);
            Assert.Equal(201, (int)taken.StatusCode);
        }
        using var refused = await bench.PutAsync(At("web", "a", "/files/more"), [1]);
        Assert.Equal("refused-upload-too-many", await CodeAsync(refused, 409));
    }

    [Theory]
    [InlineData("..%2f..%2fx")]
    [InlineData("%2e%2e")]
    [InlineData("a%2fb")]
    [InlineData("a%5cb")]
    [InlineData("a%00")]
    [InlineData("%c3%a4")]
    [InlineData("a%0a")]
    [InlineData("%25252e")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("\u00ff\u00fe")]
    public async Task No_name_leads_out_of_its_place(string name)
    {
        await using var bench = await OpenAsync();
        foreach (var path in new[]
        {
            $"/api/machines/{name}/snapshots/a/disks/d", $"/api/machines/m/snapshots/{name}/disks/d",
            $"/api/machines/m/snapshots/a/disks/{name}", $"/api/machines/m/snapshots/a/files/{name}",
            "/api/machines/m/snapshots/a/files/" + new string('a', 64),
            "/api/machines/m/snapshots/a/disks/" + new string('a', 8000),
        })
        {
            using var raw = await RawClient.ConnectAsync(bench.Port);
            await raw.SendAsync(
                $"PUT {path}?format=raw HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
            Assert.InRange(await raw.StatusAsync(), 400, 405);
        }
        Assert.Empty(Directory.Exists(bench.Incoming())
            ? Directory.GetFileSystemEntries(bench.Incoming()) : []);
    }

    [Fact]
    public async Task A_full_or_read_only_disk_is_told_as_such_and_keeps_what_came()
    {
        var error = 0;
        var options = new FolderUploadOptions
        {
            Done = label =>
            {
                if (error != 0 && label is "bytes") throw new IOException("No.", error);
            },
        };
        await using var bench = await OpenAsync(options: options);
        var path = At("web", "a", "/disks/d?format=raw");
        await bench.PutAsync(path, Noise(10, 1), "bytes 0-9/30");
        error = NoSpace;
        using var full = await bench.PutAsync(path, Noise(10, 2), "bytes 10-19/30");
        error = ReadOnly;
        using var denied = await bench.PutAsync(path, Noise(10, 2), "bytes 10-19/30");
        error = 0;
        using var better = await bench.PutAsync(path, Noise(20, 2), "bytes 10-29/30");

        Assert.Equal("upload-no-room", await CodeAsync(full, 507));
        Assert.Equal("store-refused", await CodeAsync(denied, 503));
        Assert.Equal(201, (int)better.StatusCode);
    }

    [Fact]
    public async Task What_nobody_goes_on_with_is_removed_after_its_time_and_not_before()
    {
        var time = new ManualTimeProvider();
        await using var bench = await OpenAsync(time);
        await bench.PutAsync(At("web", "a", "/disks/d?format=raw"), Noise(10, 1));
        await bench.PutAsync(At("web", "b", "/disks/d?format=raw"), Noise(10, 1));
        await bench.CompleteAsync("web", "b", """{"disks":["d"]}""");
        time.Advance(TimeSpan.FromDays(6.9));
        Assert.Empty(await bench.Uploads.RemoveAbandonedAsync(default));
        var expires = (await bench.Uploads.FindAsync("web", "a", default))!.Expires;
        time.Advance(TimeSpan.FromDays(0.2));

        Assert.True(expires < time.GetUtcNow());
        Assert.Equal(["web/a"], await bench.Uploads.RemoveAbandonedAsync(default));
        Assert.Null(await bench.Uploads.FindAsync("web", "a", default));
        // What was completed waits for its ingest as long as that takes.
        Assert.NotNull((await bench.Uploads.FindAsync("web", "b", default))!.Job);
        Assert.True(Directory.Exists(bench.Incoming("web", "b")));
    }

    private static ByteArrayContent Encoded(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
