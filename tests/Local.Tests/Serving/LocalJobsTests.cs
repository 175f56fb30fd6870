using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

public sealed class LocalJobsTests
{
    [Fact]
    public async Task The_same_call_again_is_the_standing_job_and_another_one_is_refused()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 2);
        var verify = new VerifyInput("web", CheckDepth.Quick);

        var first = await bench.Jobs.StartAsync(CheckNames.Verify, verify, "web", "key-1", default);
        var again = await bench.Jobs.StartAsync(CheckNames.Verify, verify, "web", "key-1", default);
        Assert.Equal((first.Id, first.Started), (again.Id, again.Started));
        await EndAsync(bench, "key-1");
        Assert.Equal(
            JobState.Completed,
            (await bench.Jobs.StartAsync(CheckNames.Verify, verify, "web", "key-1", default)).State);

        // Another input, another flow of the same journal, and one of the other journal.
        await RefusedAsync(() => bench.Jobs.StartAsync(
            CheckNames.Verify, verify with { Depth = CheckDepth.Full }, "web", "key-1", default));
        await RefusedAsync(() => bench.Jobs.StartAsync(
            RestoreNames.Restore, new RestoreInput("web", bench.Commands["x"]), "web", "key-1",
            default));
        await RefusedAsync(() => bench.Jobs.StartAsync(
            FlowNames.Consolidate, new ConsolidateInput("web", 1), "web", "key-1", default));
    }

    [Fact]
    public async Task Jobs_of_one_machine_run_in_the_order_they_came()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 3);
        var pass = await bench.Engine.Gates.EnterAsync("web", default);
        var ids = new List<string>();
        foreach (var target in new[] { 1, 3, 2 })
        {
            ids.Add((await bench.Jobs.StartAsync(
                FlowNames.Consolidate, new ConsolidateInput("web", target), "web", null, default)).Id);
        }
        Assert.All(ids, id => Assert.Equal(JobState.Pending, Find(bench, id).State));
        pass.Dispose();

        var ends = new List<DateTimeOffset>();
        foreach (var id in ids) ends.Add((await EndAsync(bench, id)).Ended!.Value);
        Assert.Equal(ends.Order(), ends);
        Assert.All(ids, id => Assert.Equal(JobState.Completed, Find(bench, id).State));
        var head = (await bench.Engine.Manifests.LoadAsync("web", default)).Head;
        Assert.Equal(3, head.ForwardsFrom);
    }

    [Fact]
    public async Task A_waiting_job_that_is_cancelled_is_never_begun()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 3);
        var pass = await bench.Engine.Gates.EnterAsync("web", default);
        var undo = await bench.Jobs.StartAsync(
            FlowNames.Undo, new UndoInput("web", 3), "web", null, default);
        await bench.Jobs.RequestCancelAsync(undo.Id, default);
        Assert.True(Find(bench, undo.Id) is { State: JobState.Pending, CancelRequested: true });
        pass.Dispose();

        Assert.Equal(JobState.Cancelled, (await EndAsync(bench, undo.Id)).State);
        Assert.Equal(3, (await bench.Engine.Manifests.LoadAsync("web", default)).NewestNumber);
        await bench.Jobs.RequestCancelAsync(undo.Id, default);
        Assert.Equal(JobState.Cancelled, Find(bench, undo.Id).State);
        await Assert.ThrowsAsync<NoSuchException>(
            () => bench.Jobs.RequestCancelAsync("no-such-job", default));
    }

    [Fact]
    public async Task A_job_that_is_cancelled_while_it_runs_comes_to_an_end()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 2);
        var job = await bench.Jobs.StartAsync(
            CheckNames.Verify, new VerifyInput("web", CheckDepth.Full), "web", null, default);
        await bench.Jobs.RequestCancelAsync(job.Id, default);

        // It may have come to its end first; it never hangs, and never fails.
        var ended = await EndAsync(bench, job.Id);
        Assert.True(ended.State is JobState.Cancelled or JobState.Completed, $"{ended}");
    }

    [Fact]
    public async Task Pages_hold_every_job_once_though_others_come_meanwhile()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 2);
        for (var i = 0; i < 7; i++)
        {
            await bench.Jobs.StartAsync(
                CheckNames.Verify, new VerifyInput("web", CheckDepth.Quick), "web", $"v{i}", default);
            await bench.Jobs.StartAsync(
                FlowNames.Consolidate, new ConsolidateInput("web", 2), "web", $"c{i}", default);
        }
        var before = (await bench.Jobs.ListAsync(new JobFilter(), null, 1000, default)).Jobs;
        Assert.Equal(before.OrderByDescending(j => j.Started).Select(j => j.Id), before.Select(j => j.Id));
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await bench.Jobs.ListAsync(new JobFilter(), next, 3, default);
            Assert.InRange(page.Jobs.Count, 1, 3);
            seen.AddRange(page.Jobs.Select(j => j.Id));
            next = page.Continuation;
            await bench.Jobs.StartAsync(
                CheckNames.Verify, new VerifyInput("web", CheckDepth.Quick), "web", null, default);
        }
        while (next is not null);

        Assert.Equal(before.Select(j => j.Id), seen);
        Assert.Equal(
            7,
            (await bench.Jobs.ListAsync(
                new JobFilter("web", null, "Consolidate"), null, 100, default)).Jobs.Count);
        Assert.Empty((await bench.Jobs.ListAsync(new JobFilter("other"), null, 100, default)).Jobs);
        await Assert.ThrowsAsync<RefusedException>(
            () => bench.Jobs.ListAsync(new JobFilter(), "nonsense", 3, default));
    }

    [Fact]
    public async Task A_machine_is_left_in_the_order_of_arrival_also_by_those_who_give_up()
    {
        var gates = new MachineGates();
        var first = await gates.EnterAsync("web", default);
        using var impatient = new CancellationTokenSource();
        var second = gates.EnterAsync("web", impatient.Token);
        var third = gates.EnterAsync("web", default);
        using var other = await gates.EnterAsync("other", default);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        using (await third) Assert.True(gates.IsBusy("web"));
        Assert.False(gates.IsBusy("web"));
    }

    private static JobStatus Find(WebBench bench, string id) =>
        bench.Jobs.FindAsync(id, default).GetAwaiter().GetResult()!;

    private static async Task<JobStatus> EndAsync(WebBench bench, string id)
    {
        JobStatus? job = null;
        await Waiting.UntilAsync(async () =>
            (job = await bench.Jobs.FindAsync(id, default)) is { Ended: not null });
        return job!;
    }

    private static async Task RefusedAsync(Func<Task> act) => Assert.Equal(
        "job-exists", (await Assert.ThrowsAsync<RefusedException>(act)).Reason);
}
