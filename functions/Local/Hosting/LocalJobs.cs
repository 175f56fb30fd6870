using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Runner;
using HttpJobState = SnapshotFunctions.Http.Ports.JobState;
using RunnerState = SnapshotFunctions.Local.Runner.JobState;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Runs the jobs of a serving process. Those that change a machine are journaled in the store and
/// driven in the order they came, one at a time for each machine, in turn with every other command;
/// those that only read are journaled in the process's own state folder, where no other command
/// takes them for interrupted ones. Both go on after a crash, once <see cref="ResumeAsync"/> ran.
/// </summary>
internal sealed partial class LocalJobs : IJobs, IAsyncDisposable
{
    private static readonly HashSet<string> Changing = new(StringComparer.Ordinal)
    {
        FlowNames.Ingest.Name, FlowNames.Consolidate.Name, FlowNames.Undo.Name,
        RepairNames.Repair.Name, UpkeepNames.Upkeep.Name,
        ExpiryNames.Expire.Name, ExpiryNames.Retention.Name,
        TierNames.Tier.Name, CloneNames.Clone.Name, CloneNames.Flatten.Name,
        PurgeNames.Purge.Name, MountNames.Commit.Name,
    };

    private static readonly HashSet<string> OnlyReading = new(StringComparer.Ordinal)
    {
        RestoreNames.Restore.Name, CheckNames.Verify.Name, RehydrateNames.Rehydrate.Name,
    };

    private readonly ConcurrentDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1);
    private readonly LocalEngine _engine;
    private readonly LocalRunner _reading;
    private readonly JobDriver _machines;
    private readonly JobDriver _reads;
    private readonly JobDriver _waits;
    private readonly LocalJobsOptions _options;
    private readonly Action<ResumedJob> _onResumed;
    private readonly ILogger _logger;

    /// <summary>The jobs over an engine and a runner for what only reads; does no I/O.</summary>
    /// <param name="engine">The engine, whose runner drives what changes a machine.</param>
    /// <param name="reading">As <see cref="LocalEngine.ReadingOver"/> makes it.</param>
    /// <param name="options">How jobs are driven.</param>
    /// <param name="onResumed">Told of the ends of jobs that an earlier process left.</param>
    /// <param name="logger">Told of what cannot go on.</param>
    public LocalJobs(
        LocalEngine engine, LocalRunner reading, LocalJobsOptions options,
        Action<ResumedJob> onResumed, ILogger logger)
    {
        (_engine, _reading, _options, _onResumed) = (engine, reading, options, onResumed);
        _logger = logger;
        _machines = new JobDriver(
            options.MostMachines, ChangeAsync, options, engine.Time, logger);
        _reads = new JobDriver(options.MostReads, ReadAsync, options, engine.Time, logger);
        _waits = new JobDriver(options.MostWaits, ReadAsync, options, engine.Time, logger);
    }

    /// <summary>Takes up, in the background, every job that has not ended.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        foreach (var job in await _engine.Runner.ListRunningAsync(cancellation))
        {
            if (job.State != RunnerState.Running || !ObjectNames.IsName(job.Subject ?? string.Empty))
                continue;
            _found[job.InstanceId] = job.Subject!;
            _machines.Ask(job.Subject!);
        }
        foreach (var job in await _reading.ListRunningAsync(cancellation))
        {
            if (job.State != RunnerState.Running) continue;
            _found[job.InstanceId] = job.Subject ?? string.Empty;
            DriverOf(job.Flow, job.Input).Ask(job.InstanceId);
        }
    }

    /// <inheritdoc/>
    public Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id,
        CancellationToken cancellation) =>
        StartAsync(flow, input, machine, id, planned: null, cancellation);

    /// <inheritdoc/>
    public async Task<JobStatus> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine, string? id, Usage? planned,
        CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", machine);
        var changes = Changing.Contains(flow.Name);
        if (!changes && !OnlyReading.Contains(flow.Name))
            throw new NoSuchException($"flow '{flow.Name}' to start", "It is run by a command alone.");
        var job = id ?? JobIds.Next(flow.Name, machine, _engine.Time);
        await _starting.WaitAsync(cancellation);
        try
        {
            // An id is one job's, whichever journal it lies in.
            if (id is not null && await Other().GetAsync(id, cancellation) is { } other)
            {
                throw new RefusedException(
                    "job-exists",
                    $"Job '{id}' was started at {other.Started:u} as flow {other.Flow}. Choose "
                    + "another id.");
            }
            // Not ended with the call: what is half written down would wait for the next start.
            await (changes ? _engine.Runner : _reading).StartAsync(
                flow, input, job, machine, planned, CancellationToken.None);
        }
        finally
        {
            _starting.Release();
        }
        if (changes) _machines.Ask(machine);
        else DriverOf(flow.Name, JsonSerializer.Serialize(input, flow.Input)).Ask(job);
        return await FindAsync(job, CancellationToken.None)
            ?? throw new NoSuchException($"job '{job}'", "It ended and was removed from the list.");

        LocalRunner Other() => changes ? _reading : _engine.Runner;
    }

    /// <inheritdoc/>
    public async Task<JobStatus?> FindAsync(string id, CancellationToken cancellation)
    {
        var found = await _engine.Runner.GetAsync(id, cancellation)
            ?? await _reading.GetAsync(id, cancellation);
        return found is null ? null : StatusOf(found);
    }

    /// <inheritdoc/>
    public async Task<JobPage> ListAsync(
        JobFilter filter, string? after, int most, CancellationToken cancellation)
    {
        JobCursor? end = after is null ? null : JobCursor.Parse(after);
        var page = (await _engine.Runner.ListAsync(cancellation))
            .Concat(await _reading.ListAsync(cancellation))
            .Select(StatusOf)
            .Where(j => filter.Machine is null || Same(j.Machine, filter.Machine))
            .Where(j => filter.Flow is null || Same(j.Flow, filter.Flow))
            .Where(j => filter.State is null || j.State == filter.State)
            .Where(j => end is null || JobCursor.Of(j).IsAfter(end.Value))
            .OrderByDescending(j => j.Started)
            .ThenByDescending(j => j.Id, StringComparer.Ordinal)
            .Take(most + 1)
            .ToList();
        if (page.Count <= most) return new JobPage(page, null);
        page.RemoveAt(most);
        return new JobPage(page, JobCursor.Of(page[^1]).ToString());
    }

    /// <inheritdoc/>
    public async Task RequestCancelAsync(string id, CancellationToken cancellation)
    {
        var changing = await _engine.Runner.GetAsync(id, cancellation) is not null;
        await (changing ? _engine.Runner : _reading).RequestCancelAsync(id, cancellation);
    }

    /// <summary>Stops all jobs between two steps; they go on with the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(new[] { _machines, _reads, _waits }.Select(d => d.DisposeAsync().AsTask()));
        _starting.Dispose();
    }

    /// <summary>Whoever comes to a machine ends all that was asked of it, in its order.</summary>
    private async Task<bool> ChangeAsync(string machine, CancellationToken stop)
    {
        await using var drive = await MachineDrive.EnterAsync(
            _engine, machine, _options.WaitForOthers, _ => { }, stop);
        foreach (var job in drive.Resumed) Tell(job);
        return drive.Resumed.All(j => j.Trouble is null);
    }

    /// <summary>What waits for hours must not keep from its turn what reads for minutes.</summary>
    private JobDriver DriverOf(string flow, string? input) =>
        Same(flow, RehydrateNames.Rehydrate.Name) || IsLongRestore(flow, input)
            ? _waits : _reads;

    private static bool IsLongRestore(string flow, string? input) =>
        Same(flow, RestoreNames.Restore.Name) && input is not null
        && JsonSerializer.Deserialize(input, RestoreNames.Restore.Input)?.Rehydrate is not null;

    private async Task<bool> ReadAsync(string id, CancellationToken stop)
    {
        if (await _reading.GetAsync(id, stop) is not { State: RunnerState.Running } job) return true;
        var resumed = await _reading.ResumeAsync(job, stop);
        Tell(resumed);
        return resumed.Trouble is null;
    }

    private void Tell(ResumedJob job)
    {
        if (_found.TryRemove(job.Job.InstanceId, out _)) _onResumed(job);
        if (job.Trouble is { } trouble) LogTrouble(_logger, trouble, job.Job.InstanceId);
    }

    [LoggerMessage(
        EventId = 7202, Level = LogLevel.Warning,
        Message = "Job {Job} cannot go on for now; it is tried again")]
    private static partial void LogTrouble(ILogger logger, Exception error, string job);

    private static bool Same(string? one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal);

    private static JobStatus StatusOf(JobInfo job) => new(
        job.InstanceId, job.Flow, job.Subject,
        job.State switch
        {
            RunnerState.Running when !job.HasBegun => HttpJobState.Pending,
            RunnerState.Running => HttpJobState.Running,
            RunnerState.Completed => HttpJobState.Completed,
            RunnerState.Failed => HttpJobState.Failed,
            _ => HttpJobState.Cancelled,
        },
        job.CancelRequested, job.Started, job.Ended, job.Progress, job.Output, job.ErrorCode,
        job.ErrorMessage)
    {
        Used = job.Used,
        Planned = job.Planned,
    };
}
