using System.Text.Json;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;
using static SnapshotFunctions.LocalTests.Http.Uploads.UploadBench;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("", 400, "refused-parameter")]
    [InlineData("{}", 400, "refused-parameter")]
    [InlineData("""{"disks":[]}""", 400, "refused-parameter")]
    [InlineData("""{"disks":["d","d"]}""", 400, "refused-parameter")]
    [InlineData("""{"disks":["../d"]}""", 400, "refused-name")]
    [InlineData("""{"disks":["d"],"parent":0}""", 400, "refused-parameter")]
    [InlineData("""{"disks":["d"],"else":1}""", 400, "refused-parameter")]
    [InlineData("""{"disks":["d"],"files":["snapshot.json"]}""", 400, "refused-name")]
    [InlineData("""{"disks":["d","e"]}""", 409, "refused-upload-incomplete")]
    [InlineData("""{"disks":["d"]}""", 409, "refused-upload-incomplete")]
    [InlineData("""{"disks":["d","half"],"files":["f"]}""", 409, "refused-upload-incomplete")]
    [InlineData("""{"disks":["d","half"],"files":[]}""", 409, "refused-upload-incomplete")]
    public async Task What_is_not_whole_is_not_completed(string json, int status, string code)
    {
        await using var bench = await OpenAsync();
        await bench.PutAsync(At("web", "a", "/disks/d?format=raw"), Noise(4096, 1));
        await bench.PutAsync(At("web", "a", "/disks/half?format=raw"), Noise(10, 1), "bytes 0-9/20");
        await bench.PutAsync(At("web", "a", "/files/f"), Noise(10, 1));
        using var answer = await bench.PostAsync(At("web", "a"), json);

        Assert.Equal(code, await CodeAsync(answer, status));
        Assert.False(Directory.Exists(bench.Incoming("web", "a")));
        // What was refused can be put right.
        await bench.PutAsync(At("web", "a", "/disks/half"), Noise(10, 1), "bytes 10-19/20");
        await bench.CompleteAsync("web", "a", """{"disks":["d","half"]}""");
    }

    [Fact]
    public async Task A_bad_image_is_refused_at_once_and_can_be_sent_again()
    {
        await using var bench = await OpenAsync();
        var path = At("web", "a", "/disks/disk0?format=qcow2");
        await bench.PutAsync(path, Noise(4096, 1));
        using var answer = await bench.PostAsync(At("web", "a"), """{"disks":["disk0"]}""");
        var code = await CodeAsync(answer, 422);
        await bench.PutAsync(path, await File.ReadAllBytesAsync(CommandBench.Images[0].Path));
        bench.Watch();

        Assert.StartsWith("image-", code, StringComparison.Ordinal);
        var ended = await bench.EndAsync(await bench.CompleteAsync("web", "a"));
        Assert.Equal(JobState.Completed, ended.State);
    }

    [Fact]
    public async Task Completed_again_it_answers_the_same_job_until_long_after_its_end()
    {
        await using var bench = await OpenAsync();
        await bench.PutAsync(At("web", "a", "/disks/disk0?format=raw"), Noise(4096, 1));
        var job = await bench.CompleteAsync("web", "a");
        Assert.Equal(job, await bench.CompleteAsync("web", "a", """{"disks":["disk0"],"files":[]}"""));
        using var other = await bench.PostAsync(At("web", "a"), """{"disks":["disk0"],"label":"x"}""");
        using var late = await bench.PutAsync(
            At("web", "a", "/disks/disk0?format=raw"), Noise(4096, 2));
        using var abandoned = await bench.SendAsync(HttpMethod.Delete, At("web", "a"));
        await bench.RestartAsync();
        Assert.Equal(job, await bench.CompleteAsync("web", "a"));
        bench.Watch();
        await bench.EndAsync(job);
        await bench.ClearedAsync("web", "a");
        Assert.Equal(job, await bench.CompleteAsync("web", "a"));
        using var taken = await bench.PutAsync(
            At("web", "a", "/disks/disk0?format=raw"), Noise(4096, 2));
        using var status = await bench.SendAsync(HttpMethod.Get, At("web", "a"));

        Assert.Equal("refused-upload-taken", await CodeAsync(other, 409));
        Assert.Equal("refused-upload-taken", await CodeAsync(late, 409));
        Assert.Equal("refused-upload-taken", await CodeAsync(abandoned, 409));
        Assert.Equal("refused-snapshot-taken", await CodeAsync(taken, 409));
        Assert.Equal(
            job, JsonDocument.Parse(await status.Content.ReadAsStringAsync())
                .RootElement.GetProperty("job").GetString());
        Assert.Equal([1], await bench.VersionsAsync("web"));
        Assert.Single(await bench.Engine.Runner.ListAsync());
    }

    [Fact]
    public async Task Completed_by_many_at_once_it_is_one_job()
    {
        await using var bench = await OpenAsync();
        await bench.PutAsync(At("web", "a", "/disks/disk0?format=raw"), Noise(4096, 1));
        bench.Watch();
        var jobs = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => bench.CompleteAsync("web", "a")));
        await bench.EndAsync(Assert.Single(jobs.Distinct()));
        Assert.Equal([1], await bench.VersionsAsync("web"));
    }

    [Fact]
    public async Task What_builds_on_an_upload_that_was_put_aside_is_put_aside_and_its_job_says_so()
    {
        await using var bench = await OpenAsync();
        await PutDemoAsync(bench, "base", 0);
        var good = await bench.CompleteAsync("web", "base");
        // Sound images whose ingest fails: there is no such parent.
        await PutDemoAsync(bench, "bad", 1);
        var bad = await bench.CompleteAsync("web", "bad", """{"disks":["disk0"],"parent":99}""");
        await PutDemoAsync(bench, "next", 2);
        var next = await bench.CompleteAsync("web", "next");
        var waiting = await bench.Jobs.FindAsync(next, default);
        bench.Watch();

        Assert.Equal(JobState.Pending, waiting!.State);
        Assert.Equal(JobState.Completed, (await bench.EndAsync(good)).State);
        Assert.Equal("refused-parent-missing", (await bench.EndAsync(bad)).ErrorCode);
        var ended = await bench.EndAsync(next);
        Assert.Equal(JobState.Failed, ended.State);
        Assert.Equal("refused-parent-quarantined", ended.ErrorCode);
        Assert.Equal([1], await bench.VersionsAsync("web"));
        // Another one on top is refused at once; and what failed may come again under its name.
        await PutDemoAsync(bench, "more", 2);
        using var more = await bench.PostAsync(At("web", "more"), """{"disks":["disk0"]}""");
        Assert.Equal("refused-parent-quarantined", await CodeAsync(more, 409));
        await PutDemoAsync(bench, "bad", 1);
        var again = await bench.CompleteAsync("web", "bad", """{"disks":["disk0"],"parent":1}""");
        Assert.NotEqual(bad, again);
        Assert.Equal(JobState.Completed, (await bench.EndAsync(again)).State);
        Assert.Equal(CommandBench.Images[1].RawHash.ToString(), await bench.HashAsync("web", 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_job_puts_its_upload_aside_whether_it_waits_or_was_started(
        bool isWaiting)
    {
        await using var bench = await OpenAsync();
        await PutDemoAsync(bench, "base", 0);
        var first = await bench.CompleteAsync("web", "base");
        await PutDemoAsync(bench, "next", 1);
        var next = await bench.CompleteAsync("web", "next");
        await bench.Jobs.RequestCancelAsync(isWaiting ? next : first, default);
        Assert.True((await bench.Jobs.FindAsync(isWaiting ? next : first, default))!.CancelRequested);
        bench.Watch();

        if (isWaiting)
        {
            Assert.Equal(JobState.Completed, (await bench.EndAsync(first)).State);
            Assert.Equal(JobState.Cancelled, (await bench.EndAsync(next)).State);
            Assert.Equal([1], await bench.VersionsAsync("web"));
        }
        else
        {
            Assert.Equal(JobState.Cancelled, (await bench.EndAsync(first)).State);
            // An overlay over nothing.
            Assert.Equal("refused-parent-missing", (await bench.EndAsync(next)).ErrorCode);
            Assert.Empty(await bench.VersionsAsync("web"));
        }
        await bench.ClearedAsync("web", "next");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var bench = await OpenAsync();
        using var get = await bench.SendAsync(HttpMethod.Get, At("web", "a"));
        using var head = await bench.SendAsync(HttpMethod.Head, At("web", "a", "/files/f"));
        using var post = await bench.PostAsync(At("web", "a"), """{"disks":["d"]}""");
        using var delete = await bench.SendAsync(HttpMethod.Delete, At("web", "a"));

        Assert.Equal("not-found", await CodeAsync(get, 404));
        Assert.Equal(404, (int)head.StatusCode);
        Assert.Equal("not-found", await CodeAsync(post, 404));
        Assert.Equal("not-found", await CodeAsync(delete, 404));
    }

    [Fact]
    public async Task An_abandoned_upload_is_gone_and_may_begin_anew()
    {
        await using var bench = await OpenAsync();
        var path = At("web", "a", "/disks/d?format=raw");
        await bench.PutAsync(path, Noise(4096, 1));
        using var delete = await bench.SendAsync(HttpMethod.Delete, At("web", "a"));
        using var get = await bench.SendAsync(HttpMethod.Get, At("web", "a"));
        Assert.Equal(204, (int)delete.StatusCode);
        Assert.Equal(404, (int)get.StatusCode);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Incoming("web")));
        using var anew = await bench.PutAsync(path, Noise(10, 1));
        Assert.Equal(201, (int)anew.StatusCode);
    }

    private static async Task PutDemoAsync(UploadBench bench, string snapshot, int image)
    {
        using var answer = await bench.PutAsync(
            At("web", snapshot, "/disks/disk0?format=qcow2"),
            await File.ReadAllBytesAsync(CommandBench.Images[image].Path));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
