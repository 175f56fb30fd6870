using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Finds the online copies of archived objects, by the rehydrations that a manifest lists. A copy
/// that was found is remembered, an object without one is looked for again: it may come any time.
/// </summary>
public sealed class RehydratedCopies
{
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly IObjectStore _store;
    private readonly string _machine;
    private readonly IReadOnlyList<RehydratedRecord> _records;

    private RehydratedCopies(
        IObjectStore store, string machine, IReadOnlyList<RehydratedRecord> records) =>
        (_store, _machine, _records) = (store, machine, records);

    /// <summary>The copies that a manifest knows of; null where it lists none.</summary>
    /// <param name="store">The placement of deltas and of their copies.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="counts">The rehydrations to look at; null for all.</param>
    public static RehydratedCopies? Of(
        IObjectStore store, Manifest manifest, Func<RehydratedRecord, bool>? counts = null)
    {
        var records = manifest.Head.Rehydrated ?? [];
        if (counts is not null) records = [.. records.Where(counts)];
        return records.Count == 0 ? null
            : new RehydratedCopies(store, manifest.Machine, records);
    }

    /// <summary>The copy of an object that was found before; null for none.</summary>
    public string? Known(string name) => _known.GetValueOrDefault(name);

    /// <summary>Takes back what was found: the copy is gone.</summary>
    public void Forget(string name) => _known.TryRemove(name, out _);

    /// <summary>The name of a copy that can be read now; null when there is none.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        if (await BestAsync(name, cancellation) is not { Tier: not StorageTier.Archive } copy)
            return null;
        _known[name] = copy.Name;
        return copy.Name;
    }

    /// <summary>
    /// A copy that can be read now, else one that is under way; null when there is neither.
    /// </summary>
    public async Task<ObjectProperties?> BestAsync(string name, CancellationToken cancellation)
    {
        ObjectProperties? best = null;
        // The newest first: what was asked for long ago may go at any time.
        for (var i = _records.Count - 1; i >= 0; i--)
        {
            var copy = await _store.FindAsync(
                ObjectNames.Rehydrated(_machine, _records[i].Operation, name), cancellation);
            if (copy is { Tier: not StorageTier.Archive }) return copy;
            if (copy is { RehydratingTo: not null }) best ??= copy;
        }
        return best;
    }
}
