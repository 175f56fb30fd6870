using System.Globalization;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;
using Standing = SnapshotFunctions.Local.Runner.JobState;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

/// <summary>The runner's jobs alone, as much of them as uploads need.</summary>
internal sealed class RunnerJobs(LocalEngine engine) : IJobs
{
    public Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation) => throw new NotSupportedException();

    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellation)
    {
        if (await engine.Runner.GetAsync(id, cancellation) is not { } job) return null;
        var state = Enum.Parse<JobState>($"{job.State}");
        return new JobStatus(
            job.InstanceId, job.Flow, job.Subject, state, job.CancelRequested, job.Started,
            job.State is Standing.Running ? null : job.Ended, job.Progress, job.Output,
            job.ErrorCode, job.ErrorMessage);
    }

    public async Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation)
    {
        var skip = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
        var all = new List<JobStatus>();
        foreach (var job in (await engine.Runner.ListAsync(cancellation)).Reverse())
            all.Add((await FindAsync(job.InstanceId, cancellation))!);
        return new JobPage(
            [.. all.Skip(skip).Take(most)], skip + most < all.Count ? $"{skip + most}" : null);
    }

    public Task RequestCancelAsync(string id, CancellationToken cancellation) =>
        engine.Runner.RequestCancelAsync(id, cancellation);
}
