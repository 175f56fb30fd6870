using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// Runs flows in this process and journals them in an object store under <c>jobs/</c>, so that a
/// job goes on where it stood after a crash or a kill, from this process or another. It is as
/// strict as Durable Functions: a flow that is not deterministic fails here too, with a
/// <see cref="NonDeterministicFlowException"/>, and its job stays running. Each step runs at least
/// once. Of two processes that drive one job the later goes on; the other gets an
/// <see cref="OvertakenException"/>. Thread-safe.
/// </summary>
public sealed class LocalRunner
{
    private readonly Dictionary<string, ActiveJob> _active = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fresh = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly JobStore _store;
    private readonly DriveParts _parts;

    /// <summary>A runner of these flows and steps over a store; does no I/O yet.</summary>
    public LocalRunner(
        IObjectStore store, IEnumerable<Flow> flows, IEnumerable<Step> steps,
        LocalRunnerOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxParallelSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFinishedJobs, 1);
        _store = new JobStore(store, time);
        _parts = new DriveParts(
            _store, new JobCatalog(_store),
            flows.ToDictionary(flow => flow.Name, StringComparer.Ordinal),
            steps.ToDictionary(step => step.Name, StringComparer.Ordinal),
            new StepSlots(options.MaxParallelSteps, time, logger), options, time, logger);
    }

    /// <summary>
    /// Writes down that a job is to run; <see cref="RunToEndAsync"/> runs it. False when it was
    /// started before with the same flow, input and subject.
    /// </summary>
    /// <exception cref="RefusedException">The id is none, or is another job's.</exception>
    /// <exception cref="PayloadTooLargeException">The input is above 16 KB.</exception>
    public async Task<bool> StartAsync(
        string flowName, string inputJson, string instanceId, string? subject, Usage? planned,
        CancellationToken cancellation = default)
    {
        JobObjects.CheckId(instanceId);
        PayloadTooLargeException.Check($"The input of flow {flowName}", inputJson);
        if (!_parts.Flows.ContainsKey(flowName))
            throw new NoSuchException($"flow '{flowName}'", "Register it with the runner.");
        var start = new StartRecord(
            Guid.NewGuid().ToString("N"), flowName, inputJson, subject, _parts.Time.GetUtcNow(),
            planned);
        if (await _store.CreateAsync(
            JobObjects.Start(instanceId), start, JournalJson.Terse.StartRecord, cancellation))
        {
            lock (_lock)
                _fresh.Add(instanceId);
            _parts.Options.Events?.Started(flowName);
            return true;
        }
        var standing = await ReadStartAsync(instanceId, cancellation);
        if (standing with
            {
                Writer = start.Writer, Created = start.Created, Planned = planned,
            } == start)
            return false;
        throw new RefusedException(
            "job-exists",
            $"Job '{instanceId}' was started at {standing.Created:u} as flow {standing.Flow} with " +
            "another input. Choose another id.");
    }

    /// <summary>Writes down that a job is to run, without a plan.</summary>
    public Task<bool> StartAsync(
        string flowName, string inputJson, string instanceId, string? subject = null,
        CancellationToken cancellation = default) =>
        StartAsync(flowName, inputJson, instanceId, subject, planned: null, cancellation);

    /// <summary>Writes down that a job is to run.</summary>
    public Task<bool> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string instanceId, string? subject = null,
        CancellationToken cancellation = default) =>
        StartAsync(flow, input, instanceId, subject, planned: null, cancellation);

    /// <summary>Writes down that a job is to run, and what it is planned to use.</summary>
    public Task<bool> StartAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string instanceId, string? subject, Usage? planned,
        CancellationToken cancellation = default) =>
        StartAsync(
            flow.Name, JsonSerializer.Serialize(input, flow.Input), instanceId, subject, planned,
            cancellation);

    /// <summary>
    /// Drives a job to its end and returns its flow's result as JSON; the recorded one when it has
    /// ended before. Cancelling stops the drive without an end; the job can be taken up again. A
    /// second call for a job that is being driven waits for the first.
    /// </summary>
    /// <exception cref="StepFailedException">The flow failed: its name, error code, message.</exception>
    /// <exception cref="JobCancelledException">It ended because it was asked to.</exception>
    /// <exception cref="NonDeterministicFlowException">The flow's code does not fit.</exception>
    /// <exception cref="OvertakenException">Another process drives the job now.</exception>
    /// <exception cref="NoSuchException">No such job, or a flow or step is unknown here.</exception>
    public async Task<string> RunToEndAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        var end = await DriveAsync(instanceId, cancellation);
        return end.State switch
        {
            JobState.Completed => end.Output!,
            JobState.Cancelled => throw new JobCancelledException(instanceId),
            _ => throw new StepFailedException(end.Flow, end.ErrorCode!, end.ErrorMessage!),
        };
    }

    /// <summary>Drives a job to its end and returns its flow's result.</summary>
    public async Task<TOut> RunToEndAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, string instanceId, CancellationToken cancellation = default) =>
        JsonSerializer.Deserialize(
            await RunToEndAsync(instanceId, cancellation), flow.Output)!;

    /// <summary>
    /// Drives all jobs that have not ended to their ends, side by side. One that cannot be driven
    /// holds no other up; its trouble is in the answer.
    /// </summary>
    /// <param name="subject">Only jobs about this; null for all.</param>
    /// <param name="cancellation">Stops without ends.</param>
    public async Task<IReadOnlyList<ResumedJob>> ResumeAllAsync(
        string? subject = null, CancellationToken cancellation = default)
    {
        var jobs = (await ListAsync(cancellation)).Where(job =>
            job.State == JobState.Running
            && (subject is null || string.Equals(job.Subject, subject, StringComparison.Ordinal)));
        var resumed = await Task.WhenAll(jobs.Select(job => ResumeAsync(job, cancellation)));
        cancellation.ThrowIfCancellationRequested();
        return resumed;
    }

    /// <summary>Drives one job to its end; why it could not be is in the answer.</summary>
    public async Task<ResumedJob> ResumeAsync(
        JobInfo job, CancellationToken cancellation = default)
    {
        try
        {
            var end = await DriveAsync(job.InstanceId, cancellation);
            return new ResumedJob(JobCatalog.InfoOf(job.InstanceId, end), null);
        }
        catch (Exception trouble) when (!cancellation.IsCancellationRequested)
        {
            return new ResumedJob(job, trouble);
        }
    }

    /// <summary>
    /// Raises an event to a flow that waits for it or will; durable when this returns. A sub-flow
    /// is addressed by the id its context tells.
    /// </summary>
    public async Task RaiseEventAsync<T>(
        string instanceId, string name, T value, JsonTypeInfo<T> type,
        CancellationToken cancellation = default)
    {
        var colon = instanceId.IndexOf(':', StringComparison.Ordinal);
        var job = colon < 0 ? instanceId : instanceId[..colon];
        var scope = colon < 0 ? string.Empty : instanceId[(colon + 1)..];
        var json = JsonSerializer.Serialize(value, type);
        PayloadTooLargeException.Check($"Event {name}", json);
        await ReadStartAsync(job, cancellation);
        // The time keeps events in order; the rest of the name keeps two of one instant apart.
        var ticks = _parts.Time.GetUtcNow().UtcTicks.ToString("D20", CultureInfo.InvariantCulture);
        var created = await _store.CreateAsync(
            $"{JobObjects.Raised(job)}{ticks}-{Guid.NewGuid():N}",
            new RaisedRecord(scope, name, json), JournalJson.Terse.RaisedRecord, cancellation);
        if (!created)
            throw new OvertakenException(JobObjects.Raised(job), "the event's name was taken");
        Find(job)?.Poke();
    }

    /// <summary>
    /// Asks a job to end, whichever process drives it; its flow decides where. Asking again, or
    /// a job that has ended, changes nothing.
    /// </summary>
    public async Task RequestCancelAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        await ReadStartAsync(instanceId, cancellation);
        if (await _store.ExistsAsync(JobObjects.End(instanceId), cancellation))
            return;
        // False means that somebody asked before.
        _ = await _store.CreateAsync(
            JobObjects.Cancel(instanceId),
            new RaisedRecord(string.Empty, "cancel", "null"), JournalJson.Terse.RaisedRecord,
            cancellation);
        // It has something to read now, should nobody have begun it.
        lock (_lock)
            _fresh.Remove(instanceId);
        Find(instanceId)?.Poke();
    }

    /// <summary>All jobs, oldest first: those that run and the newest that have ended.</summary>
    public async Task<IReadOnlyList<JobInfo>> ListAsync(CancellationToken cancellation = default) =>
        await _parts.Catalog.ListAsync(
            JobObjects.Root, Find, isRunningOnly: false, cancellation);

    /// <summary>The jobs that have not ended, oldest first; costs no more for those that have.</summary>
    public async Task<IReadOnlyList<JobInfo>> ListRunningAsync(
        CancellationToken cancellation = default) =>
        await _parts.Catalog.ListAsync(
            JobObjects.Root, Find, isRunningOnly: true, cancellation);

    /// <summary>One job, or null when there is none (any more).</summary>
    public async Task<JobInfo?> GetAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        JobObjects.CheckId(instanceId);
        var found = await _parts.Catalog.ListAsync(
            JobObjects.All(instanceId), Find, isRunningOnly: false, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    private async Task<EndRecord> DriveAsync(string id, CancellationToken cancellation)
    {
        JobObjects.CheckId(id);
        ActiveJob? mine = null;
        ActiveJob? active;
        bool fresh = false;
        lock (_lock)
        {
            if (!_active.TryGetValue(id, out active))
            {
                _active.Add(id, active = mine = new ActiveJob());
                fresh = _fresh.Remove(id);
                active.Ended = Task.Run(
                    () => DriveAloneAsync(id, mine, fresh, cancellation), CancellationToken.None);
            }
        }
        // The first caller's token stops the drive itself, and its steps are waited for.
        return await (mine is null ? active.Ended.WaitAsync(cancellation) : active.Ended);
    }

    private async Task<EndRecord> DriveAloneAsync(
        string id, ActiveJob active, bool fresh, CancellationToken cancellation)
    {
        try
        {
            if (!fresh && await _store.ReadAsync(
                JobObjects.End(id), JournalJson.Terse.EndRecord, cancellation) is { } end)
                return end;
            var start = await ReadStartAsync(id, cancellation);
            return await new JobDrive(id, start, _parts, active).RunAsync(fresh, cancellation);
        }
        finally
        {
            lock (_lock)
                _active.Remove(id);
        }
    }

    private async Task<StartRecord> ReadStartAsync(string id, CancellationToken cancellation)
    {
        JobObjects.CheckId(id);
        return await _store.ReadAsync(
            JobObjects.Start(id), JournalJson.Terse.StartRecord, cancellation)
            ?? throw new NoSuchException($"job '{id}'", "List the jobs to see their ids.");
    }

    private ActiveJob? Find(string id)
    {
        lock (_lock)
            return _active.GetValueOrDefault(id);
    }
}
