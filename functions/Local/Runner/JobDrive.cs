using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// Drives one job from where its journal stands to its end: replays, then works on the flow's
/// calls, makes what arrives durable, and only then delivers it. What arrives while a record is
/// being written goes into the next record together.
/// </summary>
internal sealed partial class JobDrive
{
    /// <summary>Keeps a record's length, and what a crash repeats, within bounds.</summary>
    private const int MaxEventsPerRecord = 256;

    /// <summary>Timers cannot be set for longer than 49 days; a longer one is set again.</summary>
    private static readonly TimeSpan MaxAlarm = TimeSpan.FromDays(1);

    private readonly Channel<JournalEvent> _arrivals = Channel.CreateUnbounded<JournalEvent>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly PriorityQueue<string, DateTimeOffset> _timed = new();
    private readonly List<Task> _work = [];
    private readonly string _writer = Guid.NewGuid().ToString("N");
    private readonly string _id;
    private readonly StartRecord _start;
    private readonly DriveParts _parts;
    private readonly ActiveJob _active;
    private readonly JobJournal _journal;
    private readonly FlowExecution _execution;
    private readonly JobMailbox _mailbox;
    private Exception? _fault;
    private Usage _used = Usage.None;

    public JobDrive(string id, StartRecord start, DriveParts parts, ActiveJob active)
    {
        (_id, _start, _parts, _active) = (id, start, parts, active);
        _journal = new JobJournal(parts.Store, id, _writer);
        _execution = new FlowExecution(
            id, parts.Flows, parts.Steps, () => _arrivals.Writer.TryWrite(JournalEvent.Wake))
        {
            OnProgress = progress =>
            {
                active.Progress = progress;
                parts.Options.Progress?.Report((id, progress));
            },
        };
        _mailbox = new JobMailbox(
            parts.Store, id, active, _execution, news => _arrivals.Writer.TryWrite(news));
    }

    /// <summary>Drives the job to its end, or throws and leaves it to be driven again.</summary>
    /// <param name="fresh">
    /// Whether this process has just made the job: then there is nothing to read, and nobody before
    /// it to stop. If there is after all, the first write finds out.
    /// </param>
    /// <param name="host">Stops without an end.</param>
    public async Task<EndRecord> RunAsync(bool fresh, CancellationToken host)
    {
        var history = fresh ? JobHistory.Empty : await _journal.LoadAsync(host);
        if (history is null)
            return await ReadEndAsync(host);
        // What was never begun and is not wanted any more is not begun at all.
        if (!fresh && history.Records.Count == 0
            && await _parts.Store.ExistsAsync(JobObjects.Cancel(_id), host))
            return await FinishAsync(JobState.Cancelled, new JobCancelledException(_id), host);
        _used = history.Used;
        _active.Used ??= _used;
        _execution.Begin(_start, history);
        _active.Progress ??= _execution.Progress;
        if (history.Records.Count == 0)
        {
            _parts.Options.Events?.Begun(
                _start.Flow, _parts.Time.GetUtcNow() - _start.Created);
        }
        if (!fresh && !_execution.HasFinished && !await _journal.TakeOverAsync(history, host))
            return await ReadEndAsync(host);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(host);
        _work.Add(WatchAsync(
            _mailbox.RunAsync(history, _parts.Options.PollEvery, _parts.Time, stop.Token),
            stop.Token));
        try
        {
            await PlayAsync(stop.Token);
        }
        finally
        {
            // No step outlives its driver: steps that the flow no longer waits for are stopped.
            await stop.CancelAsync();
            await Task.WhenAll(_work);
        }
        var error = _execution.Error;
        var state = error is null ? JobState.Completed
            : _execution.IsCancelRequested && Retries.CodeOf(error) is "canceled"
                ? JobState.Cancelled
            : JobState.Failed;
        return await FinishAsync(state, error, host);
    }

    private async Task PlayAsync(CancellationToken stop)
    {
        await using var alarm = _parts.Time.CreateTimer(
            _ => _arrivals.Writer.TryWrite(JournalEvent.Wake), null,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!_execution.HasFinished)
        {
            _execution.ThrowIfStuck();
            foreach (var call in _execution.TakeOpened())
                Begin(call, stop);
            var news = await GatherAsync(alarm, stop);
            if (news.Count == 0)
                continue;
            // A crash before the write repeats the steps; after it, they never run again.
            await _journal.AppendAsync(
                new JournalRecord(
                    _writer, false, _execution.TakeScheduled(), news, _execution.Progress, _used),
                stop);
            _execution.Deliver(news);
        }
    }

    private void Begin(FlowCall call, CancellationToken stop)
    {
        switch (call.Kind)
        {
            case CallKind.Step:
                _work.Add(WatchAsync(RunStepAsync(call, stop), stop));
                break;
            case CallKind.Event:
                _timed.Enqueue(call.Id, call.Due);
                _active.Poke();
                break;
            default:
                _timed.Enqueue(call.Id, call.Due);
                break;
        }
    }

    private async Task RunStepAsync(FlowCall call, CancellationToken stop) =>
        _arrivals.Writer.TryWrite(
            await _parts.Slots.RunAsync(_id, call, _parts.Steps[call.Name], stop));

    private async Task WatchAsync(Task work, CancellationToken stop)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The job's end or the host's stop; the loop knows of both.
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _fault, error, null);
            _arrivals.Writer.TryWrite(JournalEvent.Wake);
        }
    }

    /// <summary>Waits until there is news, and takes what is there.</summary>
    private async Task<List<JournalEvent>> GatherAsync(ITimer alarm, CancellationToken stop)
    {
        var news = new List<JournalEvent>();
        var last = _execution.UtcNow;
        foreach (var ended in _execution.TakeProduced())
            Add(ended, _parts.Time.GetUtcNow());
        AddDue();
        if (news.Count == 0)
        {
            if (_timed.TryPeek(out _, out var due))
            {
                var wait = due - _parts.Time.GetUtcNow();
                alarm.Change(wait < MaxAlarm ? Clamp(wait) : MaxAlarm, Timeout.InfiniteTimeSpan);
            }
            await _arrivals.Reader.WaitToReadAsync(stop);
        }
        while (news.Count < MaxEventsPerRecord && _arrivals.Reader.TryRead(out var arrival))
        {
            if (arrival.Used is { } used) _active.Used = _used = _used.Plus(used);
            // A wake says nothing; the end of a call that a sub-flow left behind reaches nobody.
            if (arrival.Kind != EventKind.Wake
                && (arrival.Kind != EventKind.Ended || _execution.IsOpen(arrival.Call)))
                Add(arrival, _parts.Time.GetUtcNow());
        }
        AddDue();
        if (Volatile.Read(ref _fault) is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        _execution.ThrowIfViolated();
        return news;

        void Add(JournalEvent item, DateTimeOffset time)
        {
            last = time > last ? time : last;
            news.Add(item with { Time = last });
        }

        void AddDue()
        {
            var now = _parts.Time.GetUtcNow();
            while (_timed.TryPeek(out var call, out var due)
                && (due <= now || !_execution.IsOpen(call)))
            {
                _timed.Dequeue();
                if (_execution.IsOpen(call))
                    Add(new JournalEvent(EventKind.Ended, call), now);
            }
        }
    }

    private static TimeSpan Clamp(TimeSpan wait)
    {
        // Rounded up: a timer that rings a tick early would only be set again.
        var milliseconds = Math.Ceiling(Math.Max(0, wait.TotalMilliseconds));
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    private async Task<EndRecord> FinishAsync(
        JobState state, Exception? error, CancellationToken host)
    {
        var code = error is null ? null : Retries.CodeOf(error);
        var end = new EndRecord(
            _writer, _start.Flow, _start.Subject, _start.Created, _parts.Time.GetUtcNow(), state,
            _execution.Output, code, error is null ? null : JournalEvent.MessageOf(error),
            _execution.Progress, _used, _start.Planned);
        // Written before anything is deleted: a crash in between leaves an ended job with records
        // that nobody reads, which go when the job leaves the list.
        if (!await _parts.Store.CreateAsync(
            JobObjects.End(_id), end, JournalJson.Terse.EndRecord, host))
            return await ReadEndAsync(host);
        _parts.Options.Events?.Ended(_start.Flow, state);
        LogEnded(_parts.Logger, error, _id, _start.Flow, state);
        try
        {
            await _journal.DeleteAsync(host);
            foreach (var name in _mailbox.Taken)
                await _parts.Store.DeleteAsync(name, host);
            if (_execution.IsCancelRequested || state == JobState.Cancelled)
                await _parts.Store.DeleteAsync(JobObjects.Cancel(_id), host);
            await _parts.Catalog.PruneAsync(_parts.Options.MaxFinishedJobs, host);
        }
        catch (StoreException untidy)
        {
            // The job has ended all the same; what is left over goes with it later.
            LogUntidy(_parts.Logger, untidy, _id);
        }
        return end;
    }

    private async Task<EndRecord> ReadEndAsync(CancellationToken host) =>
        await _parts.Store.ReadAsync(JobObjects.End(_id), JournalJson.Terse.EndRecord, host)
            ?? throw new ObjectNotFoundException(JobObjects.End(_id));

    [LoggerMessage(
        EventId = 7111, Level = LogLevel.Information, Message = "Job {Job}: flow {Flow} {State}")]
    private static partial void LogEnded(
        ILogger logger, Exception? error, string job, string flow, JobState state);

    [LoggerMessage(
        EventId = 7112, Level = LogLevel.Warning,
        Message = "Job {Job} has ended, but not all it no longer needs could be deleted")]
    private static partial void LogUntidy(ILogger logger, Exception error, string job);
}
