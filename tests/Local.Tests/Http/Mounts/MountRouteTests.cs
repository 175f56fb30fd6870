using SnapshotFunctions.Engine.Steps.Mounting;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Mounts;

public sealed class MountRouteTests
{
    private const string Versions = "/api/machines/vm/versions";

    [Fact]
    public async Task What_is_written_is_read_back_and_committed_and_the_version_never_changes()
    {
        await using var bench = await MountBench.StartAsync();
        var (system, data) = (bench.Disks["disk0"].ToArray(), bench.Disks["disk1"].ToArray());
        using var before = await bench.SendAsync("HEAD", $"{Versions}/2/disks/disk0");
        await bench.WriteAsync("disk0", 1000, ApiBench.Content(50)[..3000]);
        await bench.WriteAsync("disk0", 16_384, ApiBench.Content(51)[..16_384]);
        await bench.WriteAsync("disk0", MountBench.SystemBytes - 7, [1, 2, 3, 4, 5, 6, 7]);
        await bench.WriteAsync("disk0", 20_000, new byte[9000]);
        await bench.WriteAsync("disk1", MountBench.DataBytes - 1, [9]);
        foreach (var (disk, expected) in bench.Disks)
        {
            Assert.Equal(expected, await bench.ReadAsync(bench.DiskOf(disk)));
            Assert.Equal(
                expected[900..4200], await bench.ReadAsync(bench.DiskOf(disk), "bytes=900-4199"));
            Assert.Equal(
                expected[^300..], await bench.ReadAsync(bench.DiskOf(disk), "bytes=-300"));
        }
        using var after = await bench.SendAsync("HEAD", $"{Versions}/2/disks/disk0");
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal(system, await bench.ReadAsync($"{Versions}/2/disks/disk0"));
        Assert.Equal(data, await bench.ReadAsync($"{Versions}/2/disks/disk1"));

        var job = await bench.Api.RunJobAsync(
            $"{bench.Path}/commit", """{"to": "copy", "label": "patched"}""");
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal("copy", job["result"]!["machine"]!.GetValue<string>());
        Assert.Equal(2, job["result"]!["version"]!.GetValue<int>());
        foreach (var (disk, expected) in bench.Disks)
            Assert.Equal(
                expected, await bench.ReadAsync($"/api/machines/copy/versions/2/disks/{disk}"));
        Assert.Equal(system, await bench.ReadAsync("/api/machines/copy/versions/1/disks/disk0"));
        Assert.Equal(system, await bench.ReadAsync($"{Versions}/2/disks/disk0"));
        Assert.Equal(
            [1, 2, 2], await bench.ReadAsync("/api/machines/copy/versions/2/files/nvram"));
        var version = await bench.Api.ReadAsync("/api/machines/copy/versions/2");
        Assert.Equal("patched", version["label"]!.GetValue<string>());
        Assert.Equal(
            (404, "not-found"), await ApiBench.ProblemAsync(bench.Api.GetAsync(bench.Path)));
        Assert.Empty(bench.Stored());
    }

    [Fact]
    public async Task Mounts_are_listed_by_their_version_and_gone_once_they_are_dropped()
    {
        await using var bench = await MountBench.StartAsync();
        var other = await bench.OpenAsync();
        await bench.WriteAsync("disk0", 5, [1, 2, 3]);
        var listed = (await bench.Api.ReadAsync($"{Versions}/2/mounts"))["mounts"]!.AsArray();
        Assert.Equal(
            new[] { bench.Path, other }.Order(StringComparer.Ordinal),
            listed.Select(m => m!["links"]!["self"]!.GetValue<string>())
                .Order(StringComparer.Ordinal));
        Assert.Empty((await bench.Api.ReadAsync($"{Versions}/1/mounts"))["mounts"]!.AsArray());
        var version = await bench.Api.ReadAsync($"{Versions}/2");
        Assert.Equal(2, version["pins"]!.AsArray().Count);
        foreach (var path in new[] { bench.Path, other })
        {
            using var dropped = await bench.SendAsync("DELETE", path);
            Assert.Equal(204, (int)dropped.StatusCode);
            Assert.Equal(
                (404, "not-found"), await ApiBench.ProblemAsync(bench.SendAsync("DELETE", path)));
        }
        Assert.Empty((await bench.Api.ReadAsync($"{Versions}/2/mounts"))["mounts"]!.AsArray());
        Assert.Empty(bench.Stored());
    }

    [Fact]
    public async Task The_same_commit_again_is_the_same_job_and_a_plan_starts_none()
    {
        await using var bench = await MountBench.StartAsync();
        await bench.WriteAsync("disk0", 0, ApiBench.Content(8)[..5000]);
        var commit = $"{bench.Path}/commit";
        using (var planned = await bench.Api.PostAsync($"{commit}?plan=true", """{"to": "copy"}"""))
        {
            var text = await planned.Content.ReadAsStringAsync();
            Assert.True((int)planned.StatusCode == 200, text);
            Assert.Contains("\"action\":\"CommitMount\"", text, StringComparison.Ordinal);
            Assert.Null(planned.Headers.Location);
        }
        Assert.Equal(
            "open", (await bench.Api.ReadAsync(bench.Path))["state"]!.GetValue<string>());
        bench.Api.Jobs.Hold();
        var first = await bench.Api.StartJobAsync(commit, """{"to": "copy"}""");
        var again = await bench.Api.StartJobAsync(commit, """{"to": "copy"}""");
        Assert.Equal(first["id"]!.GetValue<string>(), again["id"]!.GetValue<string>());
        Assert.Equal(
            (422, "refused-job-exists"),
            await ApiBench.ProblemAsync(bench.Api.PostAsync(commit, """{"to": "other"}""")));
        // Nothing is frozen before the job's first step: what is acknowledged is in the version.
        await bench.WriteAsync("disk1", 3, [1, 2, 3]);
        bench.Api.Jobs.Release();
        await bench.Api.Jobs.SettleAsync();
        Assert.Equal(
            bench.Disks["disk1"],
            await bench.ReadAsync("/api/machines/copy/versions/2/disks/disk1"));
    }

    [Fact]
    public async Task A_mount_that_is_being_committed_is_read_and_not_written()
    {
        await using var bench = await MountBench.StartAsync();
        await bench.WriteAsync("disk0", 0, [1, 2, 3]);
        await FreezeAsync(bench, "lost-job");
        using (var put = await bench.PutAsync(
            "disk0", $"bytes 0-0/{MountBench.SystemBytes}", new ByteArrayContent([7])))
        {
            Assert.Equal(409, (int)put.StatusCode);
            Assert.Contains(
                "refused-mount-state", await put.Content.ReadAsStringAsync(),
                StringComparison.Ordinal);
        }
        Assert.Equal(bench.Disks["disk0"], await bench.ReadAsync(bench.DiskOf("disk0")));
        // There is no such job any more: the next commit opens the mount again and takes it.
        var job = await bench.Api.RunJobAsync($"{bench.Path}/commit", """{"to": "copy"}""");
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal(
            bench.Disks["disk0"],
            await bench.ReadAsync("/api/machines/copy/versions/2/disks/disk0"));
    }

    [Fact]
    public async Task A_mount_whose_job_is_lost_can_be_dropped()
    {
        await using var bench = await MountBench.StartAsync();
        await bench.WriteAsync("disk0", 0, [1, 2, 3]);
        await FreezeAsync(bench, "lost-job");
        using var dropped = await bench.SendAsync("DELETE", bench.Path);
        Assert.Equal(204, (int)dropped.StatusCode);
        Assert.Empty(bench.Stored());
    }

    [Fact]
    public async Task A_commit_that_cannot_be_is_refused_at_once_and_changes_nothing()
    {
        await using var bench = await MountBench.StartAsync();
        await bench.WriteAsync("disk0", 0, [1, 2, 3]);
        await bench.Api.IngestAsync("other", null, null, ("disk0", ApiBench.Content(1)));
        var stored = bench.Stored();
        foreach (var (body, status, code) in new[]
        {
            ("""{"to": "other"}""", 409, "refused-machine-exists"),
            ("""{"to": "vm"}""", 409, "refused-clone-name"),
            ("""{"to": "NO"}""", 400, "refused-name"),
            ("""{"label": "x"}""", 400, "refused-parameter"),
            ($$"""{"to": "copy", "label": "{{new string('x', 201)}}"}""", 400, "refused-parameter"),
            ("{", 400, "refused-parameter"),
        })
        {
            Assert.Equal(
                (status, code),
                await ApiBench.ProblemAsync(bench.Api.PostAsync($"{bench.Path}/commit", body)));
        }
        Assert.Equal(stored, bench.Stored());
    }

    private static Task<FrozenMount> FreezeAsync(MountBench bench, string job) =>
        new FreezeMountStep(bench.Api.Engine).RunAsync(
            new FreezeMountInput("vm", bench.Id, job, "copy"), CancellationToken.None);
}
