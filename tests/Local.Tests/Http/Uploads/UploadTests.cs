using System.Security.Cryptography;
using System.Text.Json;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.LocalTests.Commands;
using SnapshotFunctions.LocalTests.Serving;
using Xunit;
using static SnapshotFunctions.LocalTests.Http.Uploads.UploadBench;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

public sealed class UploadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_image_in_pieces_over_breaking_connections_is_ingested_bit_for_bit(int seed)
    {
        await using var bench = await OpenAsync();
        var random = new Random(seed);
        var image = Noise(3 << 20, seed);
        // A hole in the midst, which the file keeps, and zeros at the end.
        image.AsSpan(1 << 20, 700_001).Clear();
        image.AsSpan((3 << 20) - 200_000).Clear();
        var path = At("web", "first", "/disks/disk0");
        var at = 0;
        var breaks = 0;
        while (await GoesOnAsync())
        {
            var from = random.Next(4) == 0 ? random.Next(at + 1) : at;
            var length = Math.Min(image.Length - from, 1 + random.Next(600_000));
            if (random.Next(3) == 0)
            {
                var sent = random.Next(length);
                using (var raw = await RawClient.ConnectAsync(bench.Port))
                {
                    await raw.SendAsync(
                        $"PUT {path}?format=raw HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n"
                        + $"Content-Range: bytes {from}-{from + length - 1}/{image.Length}\r\n"
                        + $"{CountedHeader}: 1\r\n\r\n");
                    await raw.SendAsync(image.AsMemory(from, sent));
                }
                breaks++;
                at = await OffsetAsync(bench, path);
                continue;
            }
            using var answer = await bench.WhenFreeAsync(() => bench.PutAsync(
                $"{path}?format=raw", image[from..(from + length)],
                $"bytes {from}-{from + length - 1}/{image.Length}"));
            // What a broken connection had sent may arrive late, and set the file back: it goes on
            // from where it stands.
            if (!answer.IsSuccessStatusCode)
                Assert.Equal("refused-upload-offset", await CodeAsync(answer, 409));
            else
                Assert.Equal(from + length == image.Length ? 201 : 200, (int)answer.StatusCode);
            at = await OffsetAsync(bench, path);
        }
        using var head = await bench.SendAsync(HttpMethod.Head, path);
        Assert.Equal("?1", Header(head, "Upload-Complete"));
        bench.Watch();
        var job = await bench.CompleteAsync("web", "first");
        var ended = await bench.EndAsync(job);

        Assert.True(ended.State is JobState.Completed, ended.ErrorMessage);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(image)), await bench.HashAsync("web", 1));
        Assert.True(breaks > 0 || seed != 1, $"Seed {seed} broke no connection.");

        // What a broken connection had sent may also arrive when all is there, and set it back.
        async Task<bool> GoesOnAsync()
        {
            if (at < image.Length) return true;
            await Waiting.UntilAsync(() => bench.Counted == breaks);
            at = await OffsetAsync(bench, path);
            return at < image.Length;
        }
    }

    [Fact]
    public async Task A_chain_of_qcow2_overlays_completed_at_once_is_ingested_in_its_order()
    {
        await using var bench = await OpenAsync();
        var jobs = new List<string>();
        var images = CommandBench.Images;
        for (var i = 0; i < images.Count; i++)
        {
            using var answer = await bench.PutAsync(
                At("web", $"s{i}", "/disks/disk0?format=qcow2"),
                await File.ReadAllBytesAsync(images[i].Path));
            Assert.Equal(201, (int)answer.StatusCode);
            jobs.Add(await bench.CompleteAsync("web", $"s{i}"));
        }
        // Only the first is started: whether the next builds on something good is not known yet.
        Assert.Single(await bench.Engine.Runner.ListAsync());
        var page = await bench.Jobs.ListAsync(new JobFilter("web"), null, 100, default);
        Assert.Equal(jobs.Count, page.Jobs.Count);
        bench.Watch();

        foreach (var job in jobs)
            Assert.Equal(JobState.Completed, (await bench.EndAsync(job)).State);
        for (var i = 0; i < images.Count; i++)
            Assert.Equal(images[i].RawHash.ToString(), await bench.HashAsync("web", i + 1));
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_the_whole_file()
    {
        await using var bench = await OpenAsync();
        var image = Noise(300_000, 5);
        using var content = new TricklingContent([image[..1], image[1..150_000], image[150_000..]]);
        using var answer = await bench.SendAsync(
            HttpMethod.Put, At("web", "a", "/disks/d?format=img"), content);

        Assert.Equal(201, (int)answer.StatusCode);
        var told = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync()).RootElement;
        Assert.Equal(300_000, told.GetProperty("totalBytes").GetInt64());
        Assert.Equal(
            image, await File.ReadAllBytesAsync(bench.Incoming("web", ".a.uploading", "gathered", "d.img")));
    }

    [Fact]
    public async Task Several_disks_and_machine_files_become_one_snapshot()
    {
        await using var bench = await OpenAsync();
        var (boot, data, nvram) = (Noise(8192, 1), Noise(4096, 2), Noise(100, 3));
        await bench.PutAsync(At("web", "a", "/disks/boot?format=raw"), boot);
        await bench.PutAsync(At("web", "a", "/disks/data?format=img"), data);
        await bench.PutAsync(At("web", "a", "/files/nvram.fd"), nvram);
        await bench.PutAsync(At("web", "a", "/files/empty"), []);
        using var shown = await bench.SendAsync(HttpMethod.Get, At("web", "a"));
        var upload = JsonDocument.Parse(await shown.Content.ReadAsStreamAsync()).RootElement;
        var job = await bench.CompleteAsync(
            "web", "a", """{"disks":["data","boot"],"label":"both"}""");
        var note = JsonDocument.Parse(
            await File.ReadAllBytesAsync(bench.Incoming("web", "a", "snapshot.json"))).RootElement;
        bench.Watch();
        var ended = await bench.EndAsync(job);
        await bench.ClearedAsync("web", "a");

        Assert.Equal(2, upload.GetProperty("disks").GetArrayLength());
        Assert.Equal(
            ["empty", "nvram.fd"],
            upload.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()!));
        Assert.Equal(
            ["empty", "nvram.fd"],
            note.GetProperty("files").EnumerateArray().Select(f => f.GetString()!));
        Assert.True(ended.State is JobState.Completed, ended.ErrorMessage);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(boot)), await bench.HashAsync("web", 1, "boot"));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(data)), await bench.HashAsync("web", 1, "data"));
    }

    [Fact]
    public async Task The_watch_sees_no_upload_that_is_not_complete()
    {
        await using var bench = await OpenAsync();
        await bench.PutAsync(At("web", "a", "/disks/disk0?format=raw"), Noise(4096, 1));

        for (var look = 0; look < 4; look++) Assert.Empty(bench.Folder.Poll());
        await bench.CompleteAsync("web", "a");
        Assert.Equal("a", Assert.Single(bench.Folder.Poll()).Snapshot);
    }

    [Fact]
    public async Task Zeros_take_no_room()
    {
        await using var bench = await OpenAsync();
        await bench.PutAsync(At("web", "a", "/disks/disk0?format=raw"), new byte[32 << 20]);

        var path = bench.Incoming("web", ".a.uploading", "gathered", "disk0.raw");
        await using var source = new SnapshotFunctions.Local.Files.FileByteSource(path);
        Assert.Equal(32 << 20, source.LengthBytes);
        Assert.Null(await source.NextDataAsync(0, source.LengthBytes));
    }

    private static async Task<int> OffsetAsync(UploadBench bench, string path)
    {
        using var head = await bench.SendAsync(HttpMethod.Head, path);
        return (int)head.StatusCode == 404 ? 0 : int.Parse(Header(head, "Upload-Offset"));
    }
}
