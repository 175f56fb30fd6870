using System.Diagnostics.CodeAnalysis;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// Events raised to flows and the calls that wait for them, by scope and name, each first come,
/// first served. An event that nobody waits for yet is kept.
/// </summary>
internal sealed class FlowEvents
{
    private readonly Dictionary<(string Scope, string Name), Queue<FlowCall>> _waiting = [];
    private readonly Dictionary<(string Scope, string Name), Queue<string>> _kept = [];

    /// <summary>Takes the oldest event that was kept.</summary>
    public bool TryTake(string scope, string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        return _kept.TryGetValue((scope, name), out var kept) && kept.TryDequeue(out value);
    }

    /// <summary>Queues a call for the next event.</summary>
    public void Wait(FlowCall call) =>
        QueueOf(_waiting, call.Scope.Path, call.Name).Enqueue(call);

    /// <summary>The call that the event is for, or null after keeping the event.</summary>
    public FlowCall? Raise(string scope, string name, string value)
    {
        if (_waiting.TryGetValue((scope, name), out var waiting) && waiting.TryDequeue(out var call))
            return call;
        QueueOf(_kept, scope, name).Enqueue(value);
        return null;
    }

    /// <summary>Drops what a flow that has ended left behind, and all inside it.</summary>
    public void Forget(string scope)
    {
        var under = scope + ":";
        Drop(_waiting);
        Drop(_kept);

        void Drop<T>(Dictionary<(string Scope, string Name), T> all)
        {
            foreach (var key in all.Keys.Where(key =>
                string.Equals(key.Scope, scope, StringComparison.Ordinal) || key.Scope.StartsWith(under, StringComparison.Ordinal)).ToList())
                all.Remove(key);
        }
    }

    private static Queue<T> QueueOf<T>(
        Dictionary<(string Scope, string Name), Queue<T>> all, string scope, string name)
    {
        if (!all.TryGetValue((scope, name), out var queue))
            all.Add((scope, name), queue = new Queue<T>());
        return queue;
    }
}
