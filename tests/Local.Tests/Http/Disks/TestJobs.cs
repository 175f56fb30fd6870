using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Runner;
using JobState = SnapshotFunctions.Http.Ports.JobState;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Jobs that are written down by a runner and driven by the test.</summary>
internal sealed class TestJobs(LocalRunner runner) : IJobs
{
    private int _ids;

    public LocalRunner Runner => runner;

    public async Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation)
    {
        id ??= $"api-{Interlocked.Increment(ref _ids)}";
        await runner.StartAsync(flow, input, id, machine, cancellation);
        return new JobStatus(
            id, flow.Name, machine, JobState.Pending, false, DateTimeOffset.UnixEpoch, null, null,
            null, null, null);
    }

    public Task<JobStatus?> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult<JobStatus?>(null);

    public Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation) =>
        Task.FromResult(new JobPage([], null));

    public Task RequestCancelAsync(string id, CancellationToken cancellation) =>
        throw new NoSuchException($"job '{id}'", "None is asked for here.");
}
