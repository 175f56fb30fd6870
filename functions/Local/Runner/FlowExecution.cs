using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// A flow in memory: runs it on its pump, delivers events to it one at a time, and holds each call
/// it makes against the journal. It does no I/O; <see cref="JobDrive"/> does. Because a driver
/// writes a record only after the one before was delivered to the end, a record's calls are exactly
/// those made since: on replay the two lists must be equal, order and all.
/// </summary>
internal sealed partial class FlowExecution
{
    private readonly IReadOnlyDictionary<string, Flow> _flows;
    private readonly IReadOnlyDictionary<string, Step> _steps;
    private readonly Action _wake;
    private readonly FlowPump _pump;
    private readonly Dictionary<string, FlowCall> _open = new(StringComparer.Ordinal);
    private readonly FlowEvents _events = new();
    private List<ScheduledCall> _scheduled = [];
    private List<FlowCall> _opened = [];
    private List<JournalEvent> _produced = [];
    private IReadOnlySet<string> _endedFlows = new HashSet<string>(StringComparer.Ordinal);
    private IReadOnlyList<ScheduledCall>? _expected;
    private int _matched;
    private int _leaves;
    private int _waits;
    private string _lastCall = "0";
    private Exception? _violation;

    public FlowExecution(
        string instanceId, IReadOnlyDictionary<string, Flow> flows,
        IReadOnlyDictionary<string, Step> steps, Action wake)
    {
        (InstanceId, _flows, _steps, _wake) = (instanceId, flows, steps, wake);
        _pump = new FlowPump(() => Violate(
            "only tasks that the context returned", "the end of a foreign task (of Task.Delay, " +
            "Task.Run or I/O, or after ConfigureAwait(false)) that the flow awaited"));
    }

    public string InstanceId { get; }

    public DateTimeOffset UtcNow { get; private set; }

    public bool IsReplaying { get; private set; }

    public bool IsCancelRequested { get; private set; }

    public FlowProgress? Progress { get; private set; }

    /// <summary>Told of each report that is not replayed.</summary>
    public Action<FlowProgress>? OnProgress { get; init; }

    public bool HasFinished { get; private set; }

    /// <summary>The flow's result once it has returned.</summary>
    public string? Output { get; private set; }

    /// <summary>Why the flow failed, once it has.</summary>
    public Exception? Error { get; private set; }

    /// <summary>How many events the flow waits for; may be read from any thread.</summary>
    public int OpenWaits => Volatile.Read(ref _waits);

    /// <summary>Whether a call has not ended.</summary>
    public bool IsOpen(string call) => _open.ContainsKey(call);

    /// <summary>Starts the flow and brings it to where the journal ends.</summary>
    public void Begin(StartRecord start, JobHistory history)
    {
        var records = history.Records;
        UtcNow = start.Created;
        IsReplaying = records.Count > 0;
        _endedFlows = history.EndedFlows;
        Expect(records, 0);
        var root = new FlowScope(this, null, string.Empty);
        _pump.Run(() => _ = RunScopeAsync(root, start.Flow, start.Input, EndRoot));
        ThrowIfViolated();
        for (var i = 0; i < records.Count; i++)
        {
            if (_matched < _expected!.Count)
                throw Broken($"{_expected[_matched]}", HasFinished ? "the flow's end" : "no such call");
            Expect(records, i + 1);
            Deliver(records[i].Events);
            if (HasFinished && i + 1 < records.Count)
                throw Broken("a flow that goes on, as its journal does", "the flow's end");
        }
        IsReplaying = false;
        Progress ??= history.Progress;
    }

    /// <summary>Delivers durable events in their order; what follows the flow's end is dropped.</summary>
    public void Deliver(IReadOnlyList<JournalEvent> events)
    {
        foreach (var news in events)
        {
            if (HasFinished)
                return;
            UtcNow = news.Time;
            _pump.Run(() => Apply(news));
            ThrowIfViolated();
        }
    }

    /// <summary>Throws when the flow has done what a flow must not.</summary>
    public void ThrowIfViolated()
    {
        if (Volatile.Read(ref _violation) is { } violation)
            throw violation;
    }

    /// <summary>Throws when the flow can never go on, or has done what a flow must not.</summary>
    public void ThrowIfStuck()
    {
        ThrowIfViolated();
        if (!HasFinished && _leaves == 0 && _produced.Count == 0)
            throw Broken(
                "a flow that awaits a call of its context",
                "one that awaits something its context did not return");
    }

    /// <summary>The calls since the last record was made.</summary>
    public IReadOnlyList<ScheduledCall> TakeScheduled() => Take(ref _scheduled);

    /// <summary>The calls that nobody works on yet.</summary>
    public IEnumerable<FlowCall> TakeOpened() =>
        Take(ref _opened).Where(call => _open.ContainsKey(call.Id));

    /// <summary>The ends of sub-flows that are not in the journal yet.</summary>
    public List<JournalEvent> TakeProduced() => Take(ref _produced);

    /// <summary>A flow makes a call; the task ends when its end is durable and delivered.</summary>
    public Task<string?> CallAsync(
        FlowScope scope, CallKind kind, string name, string input, DateTimeOffset due = default)
    {
        RequirePump($"a call of {kind} '{name}'");
        if (scope.HasEnded)
            return new TaskCompletionSource<string?>().Task;
        if (kind == CallKind.Step && !_steps.ContainsKey(name))
            throw Violate(new NoSuchException($"step '{name}'", "Register it with the runner."));
        if (kind == CallKind.Flow && !_flows.ContainsKey(name))
            throw Violate(new NoSuchException($"flow '{name}'", "Register it with the runner."));
        var call = new FlowCall(scope.NextCall(), scope, kind, name, input, due);
        Match(ScheduledCall.Of(call));
        if (kind == CallKind.Event && _events.TryTake(scope.Path, name, out var value))
            return Task.FromResult<string?>(value);
        Open(call);
        return call.Result.Task;
    }

    /// <summary>A flow tells how far it is.</summary>
    public void Report(FlowScope scope, FlowProgress progress)
    {
        RequirePump("a report");
        if (scope.HasEnded)
            return;
        Progress = progress;
        if (!IsReplaying)
            OnProgress?.Invoke(progress);
    }

    private void Open(FlowCall call)
    {
        _open.Add(call.Id, call);
        if (call.Kind == CallKind.Event)
        {
            _events.Wait(call);
            Interlocked.Increment(ref _waits);
        }
        if (call.Kind != CallKind.Flow)
        {
            _leaves++;
            _opened.Add(call);
        }
        else if (!_endedFlows.Contains(call.Id))
        {
            // Posted, so that the caller finishes its own turn first and the stack stays flat.
            var child = new FlowScope(this, call.Scope, call.Id);
            _pump.Post(_ => _ = RunScopeAsync(child, call.Name, call.Input, EndChild), null);
        }
    }

    private bool Close(string id, out FlowCall? call)
    {
        if (!_open.Remove(id, out call))
            return false;
        if (call.Kind != CallKind.Flow)
            _leaves--;
        if (call.Kind == CallKind.Event)
            Interlocked.Decrement(ref _waits);
        return true;
    }

    private void Apply(JournalEvent news)
    {
        switch (news.Kind)
        {
            case EventKind.CancelRequested:
                IsCancelRequested = true;
                EndWaits();
                break;
            case EventKind.Raised:
                while (_events.Raise(news.Call, news.Name!, news.Value!) is { } waiting)
                {
                    // A wait that timed out is still in the queue; the event is for the next one.
                    if (!Close(waiting.Id, out _))
                        continue;
                    waiting.Result.SetResult(news.Value);
                    break;
                }
                break;
            default:
                // The call may have ended before: a wait that got its event and then timed out, or
                // what a sub-flow left behind. On replay it goes the same way.
                if (Close(news.Call, out var call))
                    call!.Settle(news);
                break;
        }
    }

    /// <summary>A wait that is open when the job is asked to end is over, without an event.</summary>
    private void EndWaits()
    {
        foreach (var id in _open.Values.Where(c => c.Kind == CallKind.Event).Select(c => c.Id)
            .ToList())
        {
            if (Close(id, out var call)) call!.Result.SetResult(null);
        }
    }

    private async Task RunScopeAsync(
        FlowScope scope, string flow, string input, Action<FlowScope, string?, Exception?> ended)
    {
        string? output = null;
        Exception? error = null;
        try
        {
            if (!_flows.TryGetValue(flow, out var known))
                throw Violate(new NoSuchException($"flow '{flow}'", "Register it with the runner."));
            output = await known.RunJsonAsync(scope, input);
            PayloadTooLargeException.Check($"The result of flow {flow}", output);
        }
        catch (Exception thrown)
        {
            // Whatever a flow throws is its end; it is journaled as a code and a message.
            error = thrown;
        }
        scope.End();
        var under = scope.Path + ":";
        foreach (var id in _open.Keys.Where(id =>
            scope.Path.Length == 0 || id.StartsWith(under, StringComparison.Ordinal)).ToList())
            Close(id, out _);
        _events.Forget(scope.Path);
        ended(scope, output, error);
    }

    private void EndRoot(FlowScope scope, string? output, Exception? error) =>
        (HasFinished, Output, Error) = (true, error is null ? output : null, error);

    private void EndChild(FlowScope scope, string? output, Exception? error)
    {
        // Were its end in the journal, the sub-flow would not have been run again.
        if (_expected is not null)
            Violate($"sub-flow {scope.Path} to go on, as its journal does", "its end");
        _produced.Add(error is null
            ? new JournalEvent(EventKind.FlowEnded, scope.Path, Value: output)
            : JournalEvent.Failed(EventKind.FlowEnded, scope.Path, error));
    }

    private static List<T> Take<T>(ref List<T> list)
    {
        var taken = list;
        list = [];
        return taken;
    }
}
