using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Jobs;

public sealed class IdempotencyKeyTests
{
    private const string Verify = "/api/machines/vm/verify";
    private const string Undo = "/api/machines/vm/undo";
    private const string Restore = "/api/machines/vm/versions/1/restore";

    [Fact]
    public async Task The_same_call_under_the_same_key_is_the_same_job()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 3);
        var first = await IdAsync(bench, Restore, """{"target": "x"}""", "key 1");
        Assert.Equal(first, await IdAsync(bench, Restore, """{ "target":"x" }""", "key 1"));
        // As a structured field writes it.
        Assert.Equal(first, await IdAsync(bench, Restore, """{"target": "x"}""", "\"key 1\""));
        await bench.Jobs.SettleAsync();
        Assert.Equal(first, await IdAsync(bench, Restore, """{"target": "x"}""", "key 1"));
        Assert.NotEqual(first, await IdAsync(bench, Restore, """{"target": "x"}""", "key 2"));
        Assert.NotEqual(first, await IdAsync(bench, Verify, null, "key 1"));
    }

    [Fact]
    public async Task Another_body_or_version_under_a_used_key_is_refused()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 3);
        await IdAsync(bench, Restore, """{"target": "x"}""", "k");
        Assert.Equal(
            (422, "refused-job-exists"),
            await ApiBench.ProblemAsync(bench.PostAsync(Restore, """{"target": "y"}""", "k")));
        Assert.Equal(
            (422, "refused-job-exists"),
            await ApiBench.ProblemAsync(bench.PostAsync(
                "/api/machines/vm/versions/2/restore", """{"target": "x"}""", "k")));
    }

    [Fact]
    public async Task Without_a_key_every_call_is_a_job_of_its_own()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        Assert.NotEqual(
            await IdAsync(bench, Verify, null, null), await IdAsync(bench, Verify, null, null));
    }

    [Fact]
    public async Task An_undo_that_is_sent_again_takes_back_one_version_only()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 4);
        var first = await IdAsync(bench, Undo, null, "u");
        await bench.Jobs.SettleAsync();
        Assert.Equal(first, await IdAsync(bench, Undo, null, "u"));
        Assert.Equal(first, await IdAsync(bench, Undo, """{"version": 4}""", "u"));
        Assert.Equal(
            (422, "refused-job-exists"),
            await ApiBench.ProblemAsync(bench.PostAsync(Undo, """{"version": 3}""", "u")));
        await bench.Jobs.SettleAsync();
        Assert.Equal(3, (await bench.ReadAsync("/api/machines/vm"))["newest"]!.GetValue<int>());
    }

    [Fact]
    public async Task Many_at_once_under_one_key_are_one_job()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => IdAsync(bench, Verify, """{"depth": "full"}""", "one")));
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("naïve")]
    [InlineData("tab\there")]
    public async Task A_bad_key_is_refused(string key)
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        Assert.Equal(400, (await SentAsync(bench, key)).Status);
    }

    [Fact]
    public async Task A_key_has_two_hundred_characters_at_most()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        await IdAsync(bench, Verify, null, new string('k', 200));
        Assert.Equal((400, "refused-parameter"), await SentAsync(bench, new string('k', 201)));
    }

    [Fact]
    public async Task A_job_that_exists_is_answered_though_its_machine_changed_since()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 3);
        const string Path = "/api/machines/vm/versions/3/restore";
        var first = await IdAsync(bench, Path, """{"target": "x"}""", "r");
        await bench.Jobs.SettleAsync();
        await bench.RunJobAsync(Undo, null);
        Assert.Equal(
            (404, "not-found"),
            await ApiBench.ProblemAsync(bench.PostAsync(Path, """{"target": "x"}""")));
        Assert.Equal(first, await IdAsync(bench, Path, """{"target": "x"}""", "r"));
    }

    private static Task<(int Status, string Code)> SentAsync(ApiBench bench, string key) =>
        ApiBench.ProblemAsync(bench.PostAsync(Verify, null, key));

    private static async Task<string> IdAsync(
        ApiBench bench, string path, string? body, string? key) =>
        (await bench.StartJobAsync(path, body, key))["id"]!.GetValue<string>();
}
