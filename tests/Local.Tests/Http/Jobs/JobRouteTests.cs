using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Jobs;

public sealed class JobRouteTests
{
    [Fact]
    public async Task A_restore_writes_the_version_under_its_name()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestAsync("vm", null, null, ("disk0", ApiBench.Content(1)));
        await bench.IngestAsync("vm", null, null, ("disk0", ApiBench.Content(2)));

        var job = await bench.RunJobAsync(
            "/api/machines/vm/versions/1/restore", """{"target": "monday.raw"}""");
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal("Restore", job["flow"]!.GetValue<string>());
        Assert.Equal("vm", job["machine"]!.GetValue<string>());
        Assert.Equal(ApiBench.Content(1), bench.Targets["/restored/monday.raw"]);
        // Where the host keeps restored files is its own matter.
        Assert.Equal("monday.raw", job["result"]!["target"]!.GetValue<string>());
        Assert.Equal(1, job["result"]!["version"]!.GetValue<int>());
        Assert.Null(job["error"]);

        var newest = await bench.RunJobAsync(
            "/api/machines/vm/versions/latest/restore",
            """{"target": "monday.raw", "disk": "disk0", "format": "raw", "overwrite": true}""");
        Assert.Equal(2, newest["result"]!["version"]!.GetValue<int>());
        Assert.Equal(ApiBench.Content(2), bench.Targets["/restored/monday.raw"]);
    }

    [Fact]
    public async Task A_job_that_fails_tells_why_with_a_code()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        const string Body = """{"target": "a.raw"}""";
        await bench.RunJobAsync("/api/machines/vm/versions/1/restore", Body);
        var job = await bench.RunJobAsync("/api/machines/vm/versions/1/restore", Body);
        Assert.Equal("failed", job["state"]!.GetValue<string>());
        Assert.Equal("target-exists", job["error"]!["code"]!.GetValue<string>());
        Assert.NotEmpty(job["error"]!["message"]!.GetValue<string>());
        Assert.Null(job["result"]);
        Assert.NotNull(job["ended"]);
    }

    [Fact]
    public async Task Consolidate_undo_and_verify_run_to_their_results()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 4);

        var moved = await bench.RunJobAsync("/api/machines/vm/consolidate", """{"base": 2}""");
        Assert.Equal(2, moved["result"]!["base"]!.GetValue<int>());
        var ruled = await bench.RunJobAsync("/api/machines/vm/consolidate", null);
        Assert.Equal(4, ruled["result"]!["base"]!.GetValue<int>());
        var undone = await bench.RunJobAsync("/api/machines/vm/undo", """{"version": 4}""");
        Assert.Equal(4, undone["result"]!["withdrawn"]!.GetValue<int>());
        var again = await bench.RunJobAsync("/api/machines/vm/undo", null);
        Assert.Equal(3, again["result"]!["withdrawn"]!.GetValue<int>());
        var verified = await bench.RunJobAsync(
            "/api/machines/vm/verify", """{"depth": "full"}""");
        Assert.True(verified["result"]!["isSound"]!.GetValue<bool>());
        var sampled = await bench.RunJobAsync(
            "/api/machines/vm/verify", """{"depth": "sampled", "percent": 50, "rotation": 1}""");
        Assert.Equal("completed", sampled["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_machine_whose_head_is_lost_can_be_verified()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        await bench.Base.DeleteAsync("machines/vm/head.json");
        var job = await bench.RunJobAsync("/api/machines/vm/verify", null);
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.False(job["result"]!["isSound"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_cannot_be_is_refused_at_once_and_starts_no_job()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestAsync(
            "two", null, null, ("a", ApiBench.Content(1)), ("b", ApiBench.Content(2)));
        await bench.IngestManyAsync("vm", 3);
        (string Path, string? Body, int Status, string Code)[] cases =
        [
            ("none/versions/1/restore", """{"target": "x"}""", 404, "not-found"),
            ("vm/versions/9/restore", """{"target": "x"}""", 404, "not-found"),
            ("vm/versions/1/restore", """{"target": "x", "disk": "none"}""", 404, "not-found"),
            ("two/versions/1/restore", """{"target": "x"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", null, 400, "refused-parameter"),
            ("vm/versions/1/restore", "{", 400, "refused-parameter"),
            ("vm/versions/1/restore", "null", 400, "refused-parameter"),
            ("vm/versions/1/restore", "[]", 400, "refused-parameter"),
            ("vm/versions/1/restore", "{}", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": null}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "../x"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "/etc/passwd"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "x\n"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "x.partial"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "x", "format": "vdi"}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "x", "format": 1}""", 400, "refused-parameter"),
            ("vm/versions/1/restore", """{"target": "x", "other": 1}""", 400, "refused-parameter"),
            ("none/consolidate", null, 404, "not-found"),
            ("vm/consolidate", """{"base": 0}""", 400, "refused-parameter"),
            ("vm/consolidate", """{"base": 7}""", 404, "not-found"),
            ("none/undo", null, 404, "not-found"),
            ("vm/undo", """{"version": 2}""", 409, "refused-not-newest"),
            ("none/retention", null, 404, "not-found"),
            ("none/versions/1/expire", null, 404, "not-found"),
            ("vm/versions/9/expire", null, 404, "not-found"),
            ("vm/versions/latest/expire", null, 409, "refused-newest"),
            ("none/verify", null, 404, "not-found"),
            ("vm/verify", """{"percent": 0}""", 400, "refused-parameter"),
            ("vm/verify", """{"percent": 101}""", 400, "refused-parameter"),
            ("vm/verify", """{"rotation": -1}""", 400, "refused-parameter"),
            ("vm/verify", """{"depth": "deep"}""", 400, "refused-parameter"),
            ("vm/verify", $$"""{"depth": "{{new string('x', 300_000)}}"}""", 413, "refused-body-length"),
        ];
        var before = (await bench.Runner.ListAsync()).Count;
        foreach (var (path, body, status, code) in cases)
        {
            var found = await ApiBench.ProblemAsync(
                bench.PostAsync($"/api/machines/{path}", body));
            Assert.True((status, code) == found, $"{path} {body?[..Math.Min(60, body.Length)]}: {found}");
        }
        Assert.Equal(before, (await bench.Runner.ListAsync()).Count);
    }

    [Fact]
    public async Task A_running_job_is_asked_to_end_and_an_ended_one_stays_as_it_is()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        bench.Jobs.Hold();
        var job = await bench.StartJobAsync(
            "/api/machines/vm/versions/1/restore", """{"target": "x"}""");
        var self = job["links"]!["self"]!.GetValue<string>();
        using (var shown = await bench.GetAsync(self)) Assert.NotNull(shown.Headers.RetryAfter);

        for (var i = 0; i < 2; i++)
        {
            using var asked = await bench.Client.DeleteAsync(self);
            Assert.Equal(202, (int)asked.StatusCode);
            Assert.Equal(self, asked.Headers.Location?.OriginalString);
            var document = JsonNode.Parse(await asked.Content.ReadAsStringAsync())!;
            Assert.True(document["cancelRequested"]!.GetValue<bool>());
        }
        bench.Jobs.Release();
        await bench.Jobs.SettleAsync();

        using var late = await bench.Client.DeleteAsync(self);
        Assert.Equal(200, (int)late.StatusCode);
        var ended = JsonNode.Parse(await late.Content.ReadAsStringAsync())!;
        Assert.Equal("cancelled", ended["state"]!.GetValue<string>());
        using (var shown = await bench.GetAsync(self)) Assert.Null(shown.Headers.RetryAfter);
        Assert.Empty(bench.Targets.Names);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_by_pages_and_filters()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("one", 2);
        await bench.IngestManyAsync("two", 1);
        await bench.RunJobAsync("/api/machines/one/verify", null);
        bench.Jobs.Hold();
        await bench.StartJobAsync("/api/machines/two/verify", null);

        var all = await WalkAsync(bench, "/api/jobs");
        Assert.Equal(5, all.Count);
        Assert.Equal(all, await WalkAsync(bench, "/api/jobs?top=2"));
        Assert.Equal(3, (await WalkAsync(bench, "/api/jobs?machine=one&top=1")).Count);
        Assert.Equal(2, (await WalkAsync(bench, "/api/jobs?flow=Verify")).Count);
        Assert.Single(await WalkAsync(bench, "/api/jobs?state=running"));
        Assert.Equal(4, (await WalkAsync(bench, "/api/jobs?state=completed")).Count);
        Assert.Equal(
            (400, "refused-parameter"),
            await ApiBench.ProblemAsync(bench.GetAsync("/api/jobs?state=stuck")));
        Assert.Equal(
            (400, "refused-parameter"),
            await ApiBench.ProblemAsync(bench.GetAsync("/api/jobs?machine=A")));
    }

    [Theory]
    [InlineData("/api/jobs/none", 404, "not-found")]
    [InlineData("/api/jobs/NONE", 400, "refused-parameter")]
    [InlineData("/api/jobs/..%2fmachines", 400, "refused-parameter")]
    public async Task A_job_that_is_none_is_told_so(string path, int status, string code)
    {
        await using var bench = await ApiBench.StartAsync();
        Assert.Equal((status, code), await ApiBench.ProblemAsync(bench.GetAsync(path)));
        Assert.Equal((status, code), await ApiBench.ProblemAsync(bench.Client.DeleteAsync(path)));
    }

    private static async Task<List<string>> WalkAsync(ApiBench bench, string? path)
    {
        var ids = new List<string>();
        while (path is not null)
        {
            var page = await bench.ReadAsync(path);
            ids.AddRange(page["jobs"]!.AsArray().Select(j => j!["id"]!.GetValue<string>()));
            path = page["next"]?.GetValue<string>();
            Assert.True(ids.Count < 100, "the pages do not end");
        }
        return ids;
    }
}
