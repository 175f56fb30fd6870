using System.Security.Cryptography;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.LocalTests.Serving;
using SnapshotFunctions.TestShared.Time;
using Xunit;
using static SnapshotFunctions.LocalTests.Http.Uploads.UploadBench;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

public sealed class WriterTests
{
    private const string Disk = "/disks/disk0?format=raw";
    private const int HalfBytes = 50_000;

    [Fact]
    public async Task A_second_writer_is_refused_while_the_first_is_alive()
    {
        // A clock that stands still: on a slow machine the first would be taken for stalled.
        await using var bench = await OpenAsync(new ManualTimeProvider());
        var image = Noise(100_000, 1);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = bench.SendAsync(
            HttpMethod.Put, At("web", "a", Disk), Held(image, begun, goOn));
        await begun.Task;
        await Waiting.UntilAsync(
            () => File.Exists(bench.Incoming("web", ".a.uploading", "disk-disk0.json")));

        using var second = await bench.PutAsync(At("web", "a", Disk), Noise(100_000, 2));
        using var dropped = await bench.SendAsync(HttpMethod.Delete, At("web", "a", "/disks/disk0"));
        using var abandoned = await bench.SendAsync(HttpMethod.Delete, At("web", "a"));
        using var completed = await bench.PostAsync(At("web", "a"), """{"disks":["disk0"]}""");
        using var other = await bench.PutAsync(
            At("web", "a", "/disks/disk1?format=raw"), Noise(10, 3));
        goOn.SetResult();
        using var answer = await first;

        Assert.Equal("refused-upload-writer", await CodeAsync(second, 409));
        Assert.Equal("refused-upload-writer", await CodeAsync(dropped, 409));
        Assert.Equal("refused-upload-writer", await CodeAsync(abandoned, 409));
        Assert.Equal("refused-upload-writer", await CodeAsync(completed, 409));
        Assert.Equal(201, (int)other.StatusCode);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal(
            image,
            await File.ReadAllBytesAsync(
                bench.Incoming("web", ".a.uploading", "gathered", "disk0.raw")));
    }

    [Fact]
    public async Task A_newer_writer_takes_over_from_one_that_has_stalled()
    {
        var time = new ManualTimeProvider();
        await using var bench = await OpenAsync(
            time, new FolderUploadOptions { BufferBytes = HalfBytes });
        var image = Noise(100_000, 1);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = bench.SendAsync(
            HttpMethod.Put, At("web", "a", Disk), Held(Noise(100_000, 2), begun, goOn));
        await begun.Task;
        // Until its half has been written: what it brings later is heard later.
        var gathered = bench.Incoming("web", ".a.uploading", "gathered", "disk0.raw");
        await Waiting.UntilAsync(
            () => File.Exists(gathered) && new FileInfo(gathered).Length == HalfBytes);
        time.Advance(TimeSpan.FromSeconds(29));
        using var early = await bench.PutAsync(At("web", "a", Disk), image);
        time.Advance(TimeSpan.FromSeconds(31));
        using var second = await bench.PutAsync(At("web", "a", Disk), image);
        goOn.SetResult();

        Assert.Equal("refused-upload-writer", await CodeAsync(early, 409));
        Assert.Equal(201, (int)second.StatusCode);
        try
        {
            using var answer = await first;
            Assert.Equal("refused-upload-writer", await CodeAsync(answer, 409));
        }
        catch (HttpRequestException)
        {
            // It was still sending when it was refused: the connection is cut then.
        }
        Assert.Equal(
            image,
            await File.ReadAllBytesAsync(
                bench.Incoming("web", ".a.uploading", "gathered", "disk0.raw")));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Of_many_writers_at_once_the_file_is_always_one_of_theirs(int seed)
    {
        await using var bench = await OpenAsync();
        var images = Enumerable.Range(0, 8).Select(i => Noise(700_000, (seed * 100) + i)).ToList();
        var answers = await Task.WhenAll(
            images.Select(i => bench.PutAsync(At("web", "a", Disk), i)));
        Assert.All(answers, a => Assert.Contains((int)a.StatusCode, new[] { 201, 409 }));
        Assert.Contains(answers, a => (int)a.StatusCode == 201);
        bench.Watch();
        var ended = await bench.EndAsync(await bench.CompleteAsync("web", "a"));

        Assert.Equal(JobState.Completed, ended.State);
        var winners = images.Zip(answers).Where(p => (int)p.Second.StatusCode == 201)
            .Select(p => Convert.ToHexStringLower(SHA256.HashData(p.First)));
        Assert.Contains(await bench.HashAsync("web", 1), winners);
    }

    /// <summary>A body of known length whose second half waits.</summary>
    private static TricklingContent Held(
        byte[] image, TaskCompletionSource begun, TaskCompletionSource goOn) => new(
        [image[..HalfBytes], image[HalfBytes..]],
        async part =>
        {
            if (part == 0) return;
            begun.SetResult();
            await goOn.Task;
        });
}
