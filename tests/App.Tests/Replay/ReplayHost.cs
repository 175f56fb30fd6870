using System.Globalization;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.AppTests.Replay;

/// <summary>
/// Runs orchestrations the way Durable does: an episode replays everything, then one action is
/// carried out and written down, and all begins anew. Each episode's code is thus checked against
/// its own past.
/// </summary>
/// <param name="flows">The flows.</param>
/// <param name="activity">Runs an activity: its name and input; throws when its worker dies.</param>
public sealed class ReplayHost(FlowCatalog flows, Func<string, string, Task<string>> activity)
{
    private const int MostRounds = 20_000;

    private readonly Dictionary<string, List<(string Name, string Value)>> _inbox =
        new(StringComparer.Ordinal);

    private DateTime _now = new(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>Every instance by id.</summary>
    public SortedDictionary<string, Instance> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>The clock of histories.</summary>
    public DateTime Now => _now;

    /// <summary>Told after every line that was written down.</summary>
    public Action<Instance, HistoryEntry>? OnEntry { get; set; }

    /// <summary>Starts an orchestration.</summary>
    public Instance Start(string name, string input, string id, string? version = "1.0")
    {
        var instance = new Instance
        {
            Id = id, Name = name, Version = version, Started = _now,
            Input = new FlowInput(input, "vm", new DateTimeOffset(_now)).ToJson(),
        };
        Instances.Add(id, instance);
        return instance;
    }

    /// <summary>Raises an event.</summary>
    public void Raise(string id, string name, string value = "")
    {
        if (!_inbox.TryGetValue(id, out var inbox)) _inbox.Add(id, inbox = []);
        inbox.Add((name, value));
    }

    /// <summary>Runs everything until an instance has ended.</summary>
    public async Task<Instance> RunAsync(Instance root)
    {
        for (var round = 0; !root.HasEnded; round++)
        {
            if (round > MostRounds) throw new InvalidOperationException("It goes on for ever.");
            var worked = false;
            foreach (var instance in Instances.Values.Where(i => !i.HasEnded).ToList())
                worked |= await StepAsync(instance);
            if (!worked && !Fire()) throw new InvalidOperationException($"{root.Id} is stuck.");
        }
        return root;
    }

    /// <summary>Replays a history against the flows, and tells how the orchestrator ended.</summary>
    /// <exception cref="NonDeterministicException">It does not fit.</exception>
    public Instance Replay(Instance recorded)
    {
        var copy = new Instance
        {
            Id = recorded.Id, Name = recorded.Name, Version = recorded.Version,
            Input = recorded.Input, Started = recorded.Started, Parent = recorded.Parent,
            ParentCall = recorded.ParentCall, History = [.. recorded.History],
        };
        _ = Episode(copy);
        return copy;
    }

    private async Task<bool> StepAsync(Instance instance)
    {
        if (_inbox.TryGetValue(instance.Id, out var inbox) && inbox.Count > 0)
        {
            Add(instance, new HistoryEntry(EntryKind.Raised, 0, Tick(), inbox[0].Name, inbox[0].Value));
            inbox.RemoveAt(0);
            return true;
        }
        var context = Episode(instance);
        if (instance.HasEnded)
        {
            Hand(instance);
            return true;
        }
        foreach (var action in context.NewActions)
            Begin(instance, action);
        var open = instance.History.Find(
            e => e.Kind == EntryKind.Activity && context.IsOpen(e.Call));
        if (open is not null) await WorkAsync(instance, open);
        return open is not null || context.NewActions.Count > 0;
    }

    private ReplayingContext Episode(Instance instance)
    {
        var context = new ReplayingContext(instance);
        var running = new OrchestrationRunner(flows).RunAsync(context);
        context.Replay();
        instance.Status = context.Status;
        if (context.Violation is { } violation) throw violation;
        if (!running.IsCompleted) return context;
        if (running.IsFaulted) instance.Error = running.Exception!.InnerException!.Message;
        else instance.Output = running.Result;
        return context;
    }

    private void Begin(Instance instance, HistoryEntry action)
    {
        Add(instance, action with { Time = Tick() });
        if (action.Kind == EntryKind.Sent) Raise(action.Name, action.Value!);
        if (action.Kind != EntryKind.Part) return;
        var (id, version) = (action.Detail!.Split('|')[0], action.Detail.Split('|')[1]);
        Instances.Add(id, new Instance
        {
            Id = id, Name = action.Name, Version = version.Length == 0 ? null : version, Started = _now, Input = action.Value!,
            Parent = instance.Id, ParentCall = action.Call,
        });
    }

    private async Task WorkAsync(Instance instance, HistoryEntry action)
    {
        HistoryEntry end;
        try
        {
            end = new HistoryEntry(
                EntryKind.Completed, action.Call, Tick(), action.Name,
                await activity(action.Name, action.Value!));
        }
        catch (WorkerDiedException died)
        {
            end = new HistoryEntry(
                EntryKind.Failed, action.Call, Tick(), action.Name, died.Message,
                "Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException");
        }
        Add(instance, end);
    }

    private void Hand(Instance part)
    {
        if (part.Parent is null) return;
        Add(Instances[part.Parent], part.Error is null
            ? new HistoryEntry(
                EntryKind.Completed, part.ParentCall, Tick(), part.Name, part.Output)
            : new HistoryEntry(
                EntryKind.Failed, part.ParentCall, Tick(), part.Name, part.Error, "Exception"));
    }

    private bool Fire()
    {
        var timers = Instances.Values.Where(i => !i.HasEnded)
            .SelectMany(i => i.History
                .Where(e => e.Kind == EntryKind.Timer
                    && !i.History.Exists(f => f.Kind == EntryKind.Fired && f.Call == e.Call))
                .Select(e => (Instance: i, Entry: e, Due: DateTime.Parse(
                    e.Value!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind))))
            .OrderBy(t => t.Due).ToList();
        if (timers.Count == 0) return false;
        var (instance, timer, due) = timers[0];
        if (due > _now) _now = due;
        Add(instance, new HistoryEntry(EntryKind.Fired, timer.Call, Tick(), timer.Name));
        return true;
    }

    private void Add(Instance instance, HistoryEntry entry)
    {
        instance.History.Add(entry);
        OnEntry?.Invoke(instance, entry);
    }

    private DateTime Tick() => _now = _now.AddMilliseconds(10);
}
