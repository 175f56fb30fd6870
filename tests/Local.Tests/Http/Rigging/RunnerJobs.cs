using System.Globalization;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Runner;
using ApiJobState = SnapshotFunctions.Http.Ports.JobState;
using RunnerJobState = SnapshotFunctions.Local.Runner.JobState;

namespace SnapshotFunctions.LocalTests.Http.Rigging;

/// <summary>Jobs of a runner within this process. They can be held before they begin.</summary>
internal sealed class RunnerJobs(LocalRunner runner) : IJobs
{
    private readonly List<Task> _drives = [];
    private TaskCompletionSource? _hold;
    private int _number;

    /// <summary>From now on jobs stay as they were started, until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets held jobs go on.</summary>
    public void Release()
    {
        _hold?.TrySetResult();
        _hold = null;
    }

    /// <summary>Waits until all jobs have ended.</summary>
    public async Task SettleAsync()
    {
        Task[] drives;
        lock (_drives) drives = [.. _drives];
        await Task.WhenAll(drives);
    }

    public async Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation)
    {
        id ??= $"{flow.Name.ToLowerInvariant()}-{Interlocked.Increment(ref _number)}";
        if (await runner.StartAsync(flow, input, id, machine, cancellation))
        {
            var hold = _hold?.Task ?? Task.CompletedTask;
            lock (_drives) _drives.Add(DriveAsync(id, hold));
        }
        return (await FindAsync(id, cancellation))!;
    }

    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellation) =>
        await runner.GetAsync(id, cancellation) is { } job ? Status(job) : null;

    public async Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation)
    {
        var skipped = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
        var jobs = (await runner.ListAsync(cancellation)).Reverse().Select(Status)
            .Where(j => (filter.Machine ?? j.Machine) == j.Machine
                && (filter.State ?? j.State) == j.State && (filter.Flow ?? j.Flow) == j.Flow)
            .ToList();
        return new JobPage(
            [.. jobs.Skip(skipped).Take(most)],
            jobs.Count > skipped + most ? $"{skipped + most}" : null);
    }

    public Task RequestCancelAsync(string id, CancellationToken cancellation) =>
        runner.RequestCancelAsync(id, cancellation);

    private async Task DriveAsync(string id, Task hold)
    {
        await hold;
        try
        {
            await runner.RunToEndAsync(id);
        }
        catch (Exception error) when (error is StepFailedException or JobCancelledException)
        {
            // It is told in the job, which is what the tests look at.
        }
    }

    private static JobStatus Status(JobInfo job) => new(
        job.InstanceId, job.Flow, job.Subject,
        job.State switch
        {
            RunnerJobState.Running => ApiJobState.Running,
            RunnerJobState.Completed => ApiJobState.Completed,
            RunnerJobState.Cancelled => ApiJobState.Cancelled,
            _ => ApiJobState.Failed,
        },
        job.CancelRequested, job.Started, job.Ended, job.Progress, job.Output, job.ErrorCode,
        job.ErrorMessage);
}
