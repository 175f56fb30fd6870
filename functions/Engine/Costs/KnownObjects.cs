using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>What a meter remembers of objects that have passed by, a bounded number of them.</summary>
internal sealed class KnownObjects
{
    private const int MostObjects = 20_000;

    private readonly ConcurrentDictionary<string, KnownObject> _objects =
        new(StringComparer.Ordinal);

    private int _kept;

    /// <summary>What is known of an object.</summary>
    public bool TryGet(string name, out KnownObject known) => _objects.TryGetValue(name, out known);

    /// <summary>The tier of an object; null when nothing is known of it.</summary>
    public StorageTier? TierOf(string name) =>
        _objects.TryGetValue(name, out var known) ? known.Tier : null;

    /// <summary>Remembers what a store has told.</summary>
    public void Keep(ObjectProperties told) => Keep(told.Name, KnownObject.Of(told));

    /// <summary>Remembers an object.</summary>
    public void Keep(string name, in KnownObject known)
    {
        // On its way out of Archive it changes by itself, and so has to be asked for each time.
        if (known.RehydratingTo is not null)
        {
            Forget(name);
            return;
        }
        // Counted apart: the dictionary's own count takes all of its locks.
        if (Interlocked.Increment(ref _kept) > MostObjects)
        {
            Volatile.Write(ref _kept, 0);
            _objects.Clear();
        }
        _objects[name] = known;
    }

    /// <summary>Forgets an object.</summary>
    public void Forget(string name) => _objects.TryRemove(name, out _);
}
