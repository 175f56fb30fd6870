using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SnapshotFunctions.AppTests.Replay;

/// <summary>
/// An orchestration's context for one episode: replays the whole history, holds each action against
/// it, and collects the actions beyond. Everything runs on one thread, as Durable does it.
/// </summary>
public sealed class ReplayingContext(Instance instance) : TaskOrchestrationContext
{
    private readonly Dictionary<int, TaskCompletionSource<string>> _open = [];
    private readonly Dictionary<string, Stack<TaskCompletionSource<string>>> _waiting =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Queue<string>> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEntry> _recorded =
        [.. instance.History.Where(e => e.Kind <= EntryKind.Sent)];

    private DateTime _now = instance.Started;
    private int _calls;
    private int _delivered;

    /// <summary>What it did that is not in the history yet.</summary>
    public List<HistoryEntry> NewActions { get; } = [];

    /// <summary>The first action that does not fit the history.</summary>
    public NonDeterministicException? Violation { get; private set; }

    /// <summary>The last custom status.</summary>
    public string? Status { get; private set; }

    /// <summary>Log lines are only to be said when this is false.</summary>
    public override bool IsReplaying => _delivered < instance.History.Count;

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.Id;

    public override string Version => instance.Version!;

    public override ParentOrchestrationInstance? Parent => instance.Parent is null
        ? null : new ParentOrchestrationInstance("Parent", instance.Parent);

    public override DateTime CurrentUtcDateTime => _now;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Delivers the history to an orchestrator that has been started.</summary>
    public void Replay()
    {
        foreach (var entry in instance.History)
        {
            _delivered++;
            _now = entry.Time;
            if (Violation is not null) return;
            switch (entry.Kind)
            {
                case EntryKind.Completed or EntryKind.Fired:
                    Take(entry)?.TrySetResult(entry.Value ?? string.Empty);
                    break;
                case EntryKind.Failed:
                    Take(entry)?.TrySetException(new TaskFailedException(
                        entry.Name, entry.Call, new TaskFailureDetails(
                            entry.Detail!, entry.Value!, null, null, null)));
                    break;
                case EntryKind.Raised:
                    Raise(entry.Name, entry.Value!);
                    break;
            }
        }
        if (_calls < _recorded.Count)
            _ = Violate(_calls + 1, Words(_recorded[_calls]), "no such action");
    }

    /// <summary>Whether an action's end is still waited for.</summary>
    public bool IsOpen(int call) => _open.ContainsKey(call);

    public override T GetInput<T>() => (T)(object)instance.Input;

    public override async Task<TResult> CallActivityAsync<TResult>(
        TaskName name, object? input = null, TaskOptions? options = null) =>
        (TResult)(object)await Act(EntryKind.Activity, name.Name, (string?)input);

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var part = (SubOrchestrationOptions)options!;
        return (TResult)(object)await Act(
            EntryKind.Part, orchestratorName.Name, (string?)input,
            $"{part.InstanceId}|{part.Version?.Version}");
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var call = _calls + 1;
        var timer = Act(
            EntryKind.Timer, "timer", fireAt.ToString("O", CultureInfo.InvariantCulture));
        cancellationToken.Register(() =>
        {
            if (_open.Remove(call, out var open)) open.TrySetCanceled(cancellationToken);
        });
        return timer;
    }

    public override Task<T> WaitForExternalEvent<T>(
        string eventName, CancellationToken cancellationToken = default)
    {
        var source = new TaskCompletionSource<string>();
        if (_kept.TryGetValue(eventName, out var kept) && kept.TryDequeue(out var value))
        {
            source.SetResult(value);
            return (Task<T>)(object)source.Task;
        }
        if (!_waiting.TryGetValue(eventName, out var waiting))
            _waiting.Add(eventName, waiting = new Stack<TaskCompletionSource<string>>());
        waiting.Push(source);
        cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        return (Task<T>)(object)source.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        Record(EntryKind.Sent, instanceId, eventName, null);

    public override void SetCustomStatus(object? customStatus) => Status = (string?)customStatus;

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        throw new NotSupportedException("No flow begins anew.");

    public override Guid NewGuid() => throw new NotSupportedException("No flow makes ids.");

    private Task<string> Act(EntryKind kind, string name, string? value, string? detail = null)
    {
        var call = Record(kind, name, value, detail);
        var source = new TaskCompletionSource<string>();
        _open.Add(call, source);
        return source.Task;
    }

    private int Record(EntryKind kind, string name, string? value, string? detail)
    {
        var found = new HistoryEntry(kind, ++_calls, _now, name, value, detail);
        if (_calls > _recorded.Count) NewActions.Add(found);
        else if (_recorded[_calls - 1] with { Time = default } != found with { Time = default })
            throw Violate(_calls, Words(_recorded[_calls - 1]), Words(found));
        return _calls;
    }

    private NonDeterministicException Violate(int call, string expected, string found) =>
        Violation ??= new NonDeterministicException(instance.Id, call, expected, found);

    private TaskCompletionSource<string>? Take(HistoryEntry entry)
    {
        if (_open.Remove(entry.Call, out var open)) return open;
        // A timer that was cancelled can fire all the same.
        if (entry.Kind != EntryKind.Fired)
            _ = Violate(entry.Call, $"the end of {entry.Name}", "no such action");
        return null;
    }

    private void Raise(string name, string value)
    {
        // The newest waiter is served first; one that was given up is passed over.
        while (_waiting.TryGetValue(name, out var waiting) && waiting.TryPop(out var source))
            if (source.TrySetResult(value)) return;
        if (!_kept.TryGetValue(name, out var kept)) _kept.Add(name, kept = new Queue<string>());
        kept.Enqueue(value);
    }

    private static string Words(HistoryEntry entry) =>
        $"{entry.Kind} '{entry.Name}' with {entry.Value}";
}
