using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Http;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.AppTests.Http;

/// <summary>The API's jobs over orchestrations.</summary>
public sealed class DurableJobsTests : IAsyncDisposable
{
    private readonly ListedInstances _instances = new();
    private readonly ManualTimeProvider _time = new(jumps: true);
    private readonly DurableJobs _jobs;

    public DurableJobsTests() => _jobs = new DurableJobs(
        () => _instances, new JobStarter(_time), _time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task The_same_id_and_input_are_one_job_and_another_input_is_refused()
    {
        var first = await StartAsync("key-1", 3);
        Assert.Equal(JobState.Pending, first.State);
        Assert.Equal("web", first.Machine);
        Assert.Equal(first, await StartAsync("key-1", 3));
        Assert.Single(_instances.All);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => StartAsync("key-1", 4));
        Assert.Equal("job-exists", refused.Reason);
        Assert.NotEqual((await StartAsync(null, 3)).Id, (await StartAsync(null, 3)).Id);
    }

    [Fact]
    public async Task A_job_is_told_as_its_orchestration_stands()
    {
        await StartAsync("one", 1);
        _instances.Change("one", OrchestrationRuntimeStatus.Running, new JobReport(
            new FlowProgress("moving", 1, 2, "shards"), CancelRequested: true));
        var running = (await _jobs.FindAsync("one", default))!;
        Assert.Equal((JobState.Running, true, 1L), (
            running.State, running.CancelRequested, running.Progress!.Done));
        Assert.Null(running.Ended);

        _instances.Change("one", OrchestrationRuntimeStatus.Completed, new JobReport(), "{\"a\":1}");
        var completed = (await _jobs.FindAsync("one", default))!;
        Assert.Equal((JobState.Completed, "{\"a\":1}"), (completed.State, completed.Output));
        Assert.NotNull(completed.Ended);

        _instances.Change("one", OrchestrationRuntimeStatus.Failed, new JobReport(
            null, false, "image-truncated", "It ends too soon."));
        var failed = (await _jobs.FindAsync("one", default))!;
        Assert.Equal((JobState.Failed, "image-truncated", "It ends too soon."), (
            failed.State, failed.ErrorCode, failed.ErrorMessage));

        _instances.Change("one", OrchestrationRuntimeStatus.Failed, new JobReport(
            null, true, "canceled", "Asked to end."));
        Assert.Equal(JobState.Cancelled, (await _jobs.FindAsync("one", default))!.State);
        Assert.Null(await _jobs.FindAsync("none", default));
    }

    [Fact]
    public async Task Parts_of_jobs_and_orchestrations_of_others_are_no_jobs()
    {
        await StartAsync("one", 1);
        _instances.Add("one:part", "DeltaShards", new FlowInput("{}", IsPart: true).ToJson());
        _instances.Add("foreign", "Other", "12");
        Assert.Null(await _jobs.FindAsync("one:part", default));
        Assert.Null(await _jobs.FindAsync("foreign", default));
        Assert.Equal("one", Assert.Single(
            (await _jobs.ListAsync(new JobFilter(), null, 10, default)).Jobs).Id);
    }

    [Fact]
    public async Task Pages_lead_over_all_jobs_once_the_newest_first()
    {
        for (var i = 0; i < 5; i++)
        {
            await StartAsync($"j{i}", i);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = await _jobs.ListAsync(new JobFilter("web"), after, 2, default);
            ids.AddRange(page.Jobs.Select(j => j.Id));
            after = page.Continuation;
        }
        while (after is not null);
        Assert.Equal(["j4", "j3", "j2", "j1", "j0"], ids);
        Assert.Empty((await _jobs.ListAsync(new JobFilter("db"), null, 2, default)).Jobs);
    }

    [Fact]
    public async Task Cancelling_raises_the_event_that_flows_wait_for_and_only_while_they_run()
    {
        await StartAsync("one", 1);
        await _jobs.RequestCancelAsync("one", default);
        Assert.Equal(("one", DurableFlowContext.CancelEvent), Assert.Single(_instances.Raised));
        _instances.Change("one", OrchestrationRuntimeStatus.Completed, new JobReport(), "{}");
        await _jobs.RequestCancelAsync("one", default);
        Assert.Single(_instances.Raised);
        await Assert.ThrowsAsync<NoSuchException>(() => _jobs.RequestCancelAsync("none", default));
    }

    private Task<JobStatus> StartAsync(string? id, int target) => _jobs.StartAsync(
        FlowNames.Consolidate, new ConsolidateInput("web", target), "web", id, default);
}
