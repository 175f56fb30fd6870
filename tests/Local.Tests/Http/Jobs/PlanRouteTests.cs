using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Http.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Jobs;

/// <summary>Plans and cost reports over HTTP.</summary>
public sealed class PlanRouteTests
{
    private static readonly (string Path, string? Body, string Action)[] Posts =
    [
        ("/api/machines/vm/consolidate", """{"base": 1}""", "Consolidate"),
        ("/api/machines/vm/undo", null, "Undo"),
        ("/api/machines/vm/verify", """{"depth": "full"}""", "Verify"),
        ("/api/machines/vm/versions/1/restore", """{"target": "a.raw"}""", "Restore"),
        ("/api/machines/vm/versions/1/rehydrate", null, "Rehydrate"),
    ];

    [Fact]
    public async Task Every_post_that_starts_a_job_can_be_planned_and_then_starts_nothing()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 3);
        var jobs = (await bench.ReadAsync("/api/jobs"))["jobs"]!.AsArray().Count;
        var (inBase, inDelta) = (bench.Base.Fingerprint(), bench.Delta.Fingerprint());
        foreach (var (path, body, action) in Posts)
        {
            using var answer = await bench.PostAsync($"{path}?plan=true", body, key: "same");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == 200, $"{path}: {answer.StatusCode} {text}");
            var plan = JsonNode.Parse(text)!.AsObject();
            Assert.Equal(action, plan["action"]!.GetValue<string>());
            Assert.Equal("vm", plan["machine"]!.GetValue<string>());
            Assert.Equal("2024-07-01", plan["prices"]!["date"]!.GetValue<string>());
            var lines = plan["usage"]!["lines"]!.AsArray();
            Assert.NotEmpty(lines);
            Assert.All(lines, l => Assert.True(l!["price"]!.GetValue<decimal>() >= 0
                || l["kind"]!.GetValue<string>() == "stored"));
        }
        Assert.Equal(inBase, bench.Base.Fingerprint());
        Assert.Equal(inDelta, bench.Delta.Fingerprint());
        Assert.Equal(jobs, (await bench.ReadAsync("/api/jobs"))["jobs"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_key_that_came_with_a_plan_is_not_remembered()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        using var planned = await bench.PostAsync(
            "/api/machines/vm/verify?plan=true", """{"depth": "quick"}""", "key-1");
        Assert.Equal(200, (int)planned.StatusCode);
        // Another body under the same key would be refused, had the plan taken it.
        var job = await bench.RunJobAsync(
            "/api/machines/vm/verify", """{"depth": "full"}""", "key-1");
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        using var again = await bench.PostAsync(
            "/api/machines/vm/verify?plan=true", """{"depth": "full"}""", "key-1");
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task A_plan_of_what_cannot_be_done_is_the_problem_that_the_job_would_meet()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        Assert.Equal((404, "not-found"), await ApiBench.ProblemAsync(
            bench.PostAsync("/api/machines/vm/consolidate?plan=true", """{"base": 9}""")));
        Assert.Equal((404, "not-found"), await ApiBench.ProblemAsync(
            bench.PostAsync("/api/machines/none/undo?plan=true", null)));
        Assert.Equal((400, "refused-parameter"), await ApiBench.ProblemAsync(
            bench.PostAsync("/api/machines/vm/verify?plan=perhaps", null)));
    }

    [Fact]
    public async Task A_machine_at_work_cannot_be_planned_for_and_says_so()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        await bench.Engine.Manifests.AcquireTurnAsync("vm", "somebody");
        Assert.Equal((409, "refused-at-work"), await ApiBench.ProblemAsync(
            bench.PostAsync("/api/machines/vm/undo?plan=true", null)));
    }

    [Fact]
    public async Task Costs_are_told_of_one_machine_and_of_all()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 3);
        await bench.IngestManyAsync("other", 2);
        var one = await bench.ReadAsync("/api/machines/vm/cost");
        Assert.Equal(3, one["versions"]!.GetValue<int>());
        var stored = new[] { bench.Base, bench.Delta }.Sum(Bytes);
        Assert.Equal(stored, one["bytes"]!.GetValue<long>());
        Assert.Equal(
            stored, one["lines"]!.AsArray().Sum(l => l!["bytes"]!.GetValue<long>()));
        var parts = one["lines"]!.AsArray().Select(l => l!["part"]!.GetValue<string>()).ToHashSet();
        Assert.Superset(new HashSet<string> { "base", "delta", "index", "manifest" }, parts);
        var first = await bench.ReadAsync("/api/cost?top=1");
        Assert.Single(first["machines"]!.AsArray());
        var second = await bench.ReadAsync(first["next"]!.GetValue<string>());
        Assert.Equal("vm", second["machines"]![0]!["machine"]!.GetValue<string>());
        Assert.Null(second["next"]);

        static long Bytes(SimulatedStore store) => store.Names("machines/vm/")
            .Sum(n => (long)store.Peek(n)!.Length);
    }
}
