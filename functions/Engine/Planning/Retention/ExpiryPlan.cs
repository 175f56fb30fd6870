using System.Text;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>
/// How versions leave a chain: which of them go, which must stay hidden and why, and which deltas
/// take the place of theirs. Pure: it sees numbers and edges and does no I/O; it can be printed.
/// </summary>
public sealed class ExpiryPlan
{
    private readonly IReadOnlyList<ExpiryVersion> _versions;
    private readonly SortedDictionary<(string Disk, int Shard), List<ShardStep>> _shards = [];
    private readonly SortedDictionary<int, string> _hidden = [];
    private readonly SortedSet<int> _wanted;

    private ExpiryPlan(IReadOnlyList<ExpiryVersion> versions, IEnumerable<int> wanted)
    {
        (_versions, _wanted) = (versions, [.. wanted]);
        foreach (var version in versions)
            foreach (var (disk, edges) in version.Edges)
                foreach (var edge in edges) Take(disk, version.Number, edge);
    }

    /// <summary>The versions that leave the lists, ascending.</summary>
    public IReadOnlyList<int> Removed => [.. _wanted.Where(v => !_hidden.ContainsKey(v))];

    /// <summary>The versions that stay in the lists, hidden, ascending.</summary>
    public IReadOnlyList<HiddenVersion> Hidden =>
        [.. _hidden.Select(h => new HiddenVersion(h.Key, h.Value))];

    /// <summary>The deltas to make.</summary>
    public IReadOnlyList<PlannedDelta> Deltas { get; private set; } = [];

    /// <summary>The deltas that are read to make them.</summary>
    public IReadOnlyList<(ShardKey Shard, DeltaKey Delta)> Sources { get; private set; } = [];

    /// <summary>Plans the expiry of versions.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="versions">
    /// Listed versions without a gap, ascending: from the one below the first that shall go, which
    /// may be missing when there is none, to the one above the last.
    /// </param>
    /// <param name="wanted">Those that shall go; never the last one.</param>
    /// <param name="isArchived">Whether a delta's data must be rehydrated before it is read.</param>
    public static ExpiryPlan Make(
        string machine, IReadOnlyList<ExpiryVersion> versions, IEnumerable<int> wanted,
        Func<ShardKey, DeltaKey, bool> isArchived)
    {
        var plan = new ExpiryPlan(versions, wanted);
        plan.KeepBases();
        while (plan.Compose(machine, isArchived))
        {
            // What was hidden parts a run in two; fewer deltas are read for each.
        }
        return plan;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder($"expire {string.Join(',', Removed)}");
        foreach (var hidden in Hidden) text.Append($"; hide {hidden.Version}: {hidden.Reason}");
        foreach (var delta in Deltas)
            text.Append($"; {delta.Disk}/{delta.Shards} {delta.From} to {delta.To}");
        return text.ToString();
    }

    private void Take(string disk, int version, ShardEdge edge)
    {
        if (!_shards.TryGetValue((disk, edge.Shard), out var steps))
            _shards.Add((disk, edge.Shard), steps = []);
        steps.Add(new ShardStep(version, edge));
    }

    /// <summary>
    /// Between the last delta that leads down and the first that leads up a base stands. Where none
    /// of the versions between them stays, one must: as few as do for all shards.
    /// </summary>
    private void KeepBases()
    {
        var stands = new List<(int First, int Last)>();
        foreach (var steps in _shards.Values)
        {
            var up = steps.FindIndex(s => s.Edge.ForwardOperation != 0);
            if (up <= 0) continue;
            var (first, end) = (steps[up - 1].Version, steps[up].Version);
            if (Listed(first, end).All(_wanted.Contains))
                stands.Add((first, Listed(first, end).Last()));
        }
        var kept = 0;
        foreach (var (first, last) in stands.OrderBy(s => s.Last))
        {
            if (kept >= first) continue;
            kept = last;
            _hidden[last] = "the base stands there";
        }
    }

    private IEnumerable<int> Listed(int first, int end) =>
        _versions.Where(v => v.Number >= first && v.Number < end).Select(v => v.Number);

    /// <summary>Finds the deltas to make; true when archived ones have hidden further versions.</summary>
    private bool Compose(string machine, Func<ShardKey, DeltaKey, bool> isArchived)
    {
        var deltas = new SortedDictionary<(string, int, int), List<int>>();
        var sources = new List<(ShardKey, DeltaKey)>();
        var kept = _versions.Select(v => v.Number)
            .Where(v => !_wanted.Contains(v) || _hidden.ContainsKey(v)).ToList();
        var before = _hidden.Count;
        foreach (var ((disk, shard), steps) in _shards)
        {
            var key = new ShardKey(machine, disk, shard);
            foreach (var run in Runs(steps, kept))
            {
                if (run.Delta(out var from, out var to) is not { } inputs) continue;
                if (inputs.Any(k => isArchived(key, k)))
                {
                    Hide(run, k => isArchived(key, k));
                    continue;
                }
                sources.AddRange(inputs.Select(k => (key, k)));
                if (!deltas.TryGetValue((disk, from, to), out var shards))
                    deltas.Add((disk, from, to), shards = []);
                shards.Add(shard);
            }
        }
        Deltas = [.. deltas.Select(d => new PlannedDelta(
            d.Key.Item1, d.Key.Item2, d.Key.Item3, ShardRanges.Of(d.Value)))];
        Sources = sources;
        return _hidden.Count > before;
    }

    /// <summary>The versions at both ends of an archived delta stay, so that it stays as it is.</summary>
    private void Hide(ShardRun run, Func<DeltaKey, bool> isArchived)
    {
        for (var i = 0; i < run.Steps.Count; i++)
        {
            if (!isArchived(run.Steps[i].Key)) continue;
            Hide(run.Steps[i].Version);
            if (i > 0) Hide(run.Steps[i - 1].Version);
        }
    }

    private void Hide(int version)
    {
        if (_wanted.Contains(version))
            _hidden.TryAdd(version, "its data lies in the archive");
    }

    /// <summary>A shard's edges, parted by the versions that stay.</summary>
    private static IEnumerable<ShardRun> Runs(List<ShardStep> steps, List<int> kept)
    {
        var at = 0;
        var below = 0;
        foreach (var upper in kept)
        {
            var first = at;
            while (at < steps.Count && steps[at].Version <= upper) at++;
            if (at > first) yield return new ShardRun(below, upper, steps[first..at]);
            below = upper;
        }
    }

    private readonly record struct ShardStep(int Version, ShardEdge Edge)
    {
        public bool IsForward => Edge.ForwardOperation != 0;

        public DeltaKey Key => IsForward
            ? new DeltaKey(Edge.Previous, Version, Edge.ForwardOperation)
            : new DeltaKey(Version, Edge.Previous, Edge.ReverseOperation);
    }

    private sealed record ShardRun(int Below, int Above, List<ShardStep> Steps)
    {
        /// <summary>
        /// The deltas that one must be made of; null when the edges can stay as they are, or when
        /// nothing stays below that they lead to.
        /// </summary>
        public IReadOnlyList<DeltaKey>? Delta(out int from, out int to)
        {
            var isForward = Steps[0].IsForward;
            (from, to) = isForward ? (Below, Above) : (Above, Below);
            if (Steps is [{ } only] && only.Version == Above) return null;
            if (!isForward && Below == 0) return null;
            return [.. Steps.Select(s => s.Key)];
        }
    }
}
