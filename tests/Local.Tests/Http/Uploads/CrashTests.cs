using System.Net;
using System.Security.Cryptography;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using static SnapshotFunctions.LocalTests.Http.Uploads.UploadBench;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

public sealed class CrashTests
{
    // Of two files, each with a first piece of its own, and a completion: all acts are counted by
    // the test itself.
    private const int LengthBytes = 200_000;
    private const int FirstBytes = 70_000;

    [Fact]
    public async Task A_kill_after_each_durable_act_leaves_an_upload_that_becomes_one_version()
    {
        var labels = new List<string>();
        for (var at = 1; ; at++)
        {
            var died = await DieAndGoOnAsync(at, labels);
            if (!died) break;
        }
        // The order is part of the contract: what it leaves at each point is told in the code.
        Assert.Equal(["note", "receipt", "mark", "name", "job"], labels.TakeLast(5));
        Assert.True(labels.Count(l => l is "bytes") >= 4, string.Join(' ', labels));
    }

    [Theory]
    [InlineData("receipt", false)]
    [InlineData("mark", false)]
    [InlineData("name", true)]
    [InlineData("job", true)]
    public async Task Killed_while_it_is_completed_an_upload_is_complete_once_it_has_its_name(
        string act, bool isComplete)
    {
        await using var bench = await OpenAsync(options: Dying(act));
        var image = Noise(5000, 1);
        await bench.PutAsync(At("web", "a", "/disks/disk0?format=raw"), image);
        using var died = await bench.PostAsync(At("web", "a"), """{"disks":["disk0"]}""");
        Assert.Equal(HttpStatusCode.InternalServerError, died.StatusCode);
        await bench.RestartAsync();

        var upload = await bench.Uploads.FindAsync("web", "a", default);
        Assert.Equal(isComplete, upload!.Job is not null);
        bench.Watch();
        if (isComplete)
        {
            // Nobody asks again: the watch takes it in under the job that was written down.
            Assert.Equal(JobState.Completed, (await bench.EndAsync(upload.Job!)).State);
        }
        else
        {
            // It can still be given up.
            Assert.True(await bench.Uploads.AbandonAsync("web", "a", default));
            Assert.Empty(Directory.GetFileSystemEntries(bench.Incoming("web")));
        }
    }

    private static async Task<bool> DieAndGoOnAsync(int at, List<string> labels)
    {
        var count = 0;
        labels.Clear();
        var options = new FolderUploadOptions
        {
            BufferBytes = 16 << 10,
            SyncEveryBytes = 50_000,
            Done = label =>
            {
                labels.Add(label);
                if (++count >= at) throw new SimulatedCrashException($"after {label}");
            },
        };
        await using var bench = await OpenAsync(options: options);
        var image = Noise(LengthBytes, at);
        var path = At("web", "a", "/disks/disk0?format=raw");
        // Errors are what the kill looks like from outside.
        await bench.PutAsync(path, image[..FirstBytes], $"bytes 0-{FirstBytes - 1}/{LengthBytes}");
        await GoOnAsync(bench, path, image);
        using var first = await bench.PostAsync(At("web", "a"), """{"disks":["disk0"]}""");
        var died = count >= at;
        await bench.RestartAsync();

        await GoOnAsync(bench, path, image);
        bench.Watch();
        var job = await bench.CompleteAsync("web", "a");
        var ended = await bench.EndAsync(job);
        await bench.ClearedAsync("web", "a");

        Assert.True(ended.State is JobState.Completed, $"{at}: {ended.ErrorMessage}");
        Assert.Equal([1], await bench.VersionsAsync("web"));
        Assert.Single(await bench.Engine.Runner.ListAsync());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(image)), await bench.HashAsync("web", 1));
        Assert.Equal(job, await bench.CompleteAsync("web", "a"));
        return died;
    }

    /// <summary>Goes on where the server says that the file ends.</summary>
    private static async Task GoOnAsync(UploadBench bench, string path, byte[] image)
    {
        using var head = await bench.SendAsync(HttpMethod.Head, path);
        var at = head.StatusCode is HttpStatusCode.NotFound
            ? 0 : int.Parse(Header(head, "Upload-Offset"));
        if (at < image.Length)
        {
            using var _ = await bench.PutAsync(
                path, image[at..], $"bytes {at}-{image.Length - 1}/{image.Length}");
        }
    }

    private static FolderUploadOptions Dying(string act)
    {
        var isDead = false;
        return new FolderUploadOptions
        {
            Done = label =>
            {
                isDead |= label == act;
                if (isDead) throw new SimulatedCrashException($"after {label}");
            },
        };
    }
}
