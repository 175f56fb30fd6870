using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>A shard's objects, and the chain that the nodes in them tell of.</summary>
internal sealed class FoundShard(ShardKey key)
{
    private readonly SortedDictionary<int, Hash256> _nodes = [];

    public ShardKey Key { get; } = key;

    public BaseFooter? Footer { get; set; }

    /// <summary>The node that the shard has where its machine began from, if it is a clone.</summary>
    public Hash256 OriginNode { get; set; }

    public List<FoundDelta> Deltas { get; } = [];

    /// <summary>The chain's edges by their version.</summary>
    public SortedDictionary<int, (ShardEdge Edge, FoundDelta? Delta)> Edges { get; } = [];

    /// <summary>Versions from this one up cannot be derived: a delta is missing.</summary>
    public int BrokenFrom { get; private set; } = int.MaxValue;

    /// <summary>Versions below this one cannot be derived: a delta is missing.</summary>
    public int BrokenBelow { get; private set; }

    /// <summary>The node at a version.</summary>
    public Hash256 NodeAt(int version)
    {
        var node = Hash256.Zero;
        foreach (var (from, found) in _nodes)
        {
            if (from > version) break;
            node = found;
        }
        return node;
    }

    /// <summary>
    /// Walks from the base both ways. A delta follows when it begins at the node reached, so what
    /// an abandoned operation left is not taken for the chain.
    /// </summary>
    /// <param name="dead">Versions that are known to be none.</param>
    /// <param name="preferred">Deltas that a copy of the manifest lists.</param>
    /// <param name="expected">Edges that the copy has.</param>
    public void Walk(
        HashSet<int> dead, HashSet<DeltaKey> preferred, IReadOnlyCollection<int> expected)
    {
        // One that was stored above a version that has expired since keeps its name.
        var alive = Deltas.Where(d => !dead.Contains(d.Key.Edge)).ToList();
        // A base at version 0 holds nothing: of a clone its origin lies there.
        var hasBase = Footer is { Version: > 0 };
        var node = hasBase ? Footer!.Node : OriginNode;
        var at = hasBase ? Standing(alive, dead, node) : 0;
        var (top, bottom) = (at, at);
        var lower = new Stack<(int Version, Hash256 Node)>();
        var upper = node;
        while (Next(alive.Where(d => d.Key.IsForward && d.Key.From >= top && d.FromNode == upper),
            d => d.Key.To) is { } next)
        {
            Edges[next.Key.To] = (
                new ShardEdge(Key.Shard, next.Key.From, next.Key.Operation, 0, next.ToNode), next);
            (top, upper) = (next.Key.To, next.ToNode);
            lower.Push((top, upper));
        }
        var under = node;
        while (Next(alive.Where(d => !d.Key.IsForward && d.Key.From <= bottom && d.FromNode == under),
            d => -d.Key.From) is { } next)
        {
            Edges[next.Key.From] = (
                new ShardEdge(Key.Shard, next.Key.To, 0, next.Key.Operation, under), next);
            lower.Push((next.Key.From, under));
            (bottom, under) = (next.Key.To, next.ToNode);
        }
        _nodes[0] = under;
        foreach (var (version, found) in lower) _nodes[version] = found;
        var wanted = alive.Select(d => d.Key.Edge).Concat(expected.Where(e => !dead.Contains(e)))
            .Where(e => !Edges.ContainsKey(e)).ToList();
        BrokenFrom = wanted.Where(e => e > top).DefaultIfEmpty(int.MaxValue).Min();
        BrokenBelow = wanted.Where(e => e <= at && e <= bottom).DefaultIfEmpty(0).Max();
        return;

        FoundDelta? Next(IEnumerable<FoundDelta> candidates, Func<FoundDelta, int> distance) =>
            candidates.OrderBy(distance).ThenByDescending(d => preferred.Contains(d.Key))
                .ThenByDescending(d => d.Key.Operation).FirstOrDefault();
    }

    /// <summary>
    /// Where the base stands: at its footer's version, or, when that has expired, at the end of the
    /// delta that was put together over it.
    /// </summary>
    private int Standing(List<FoundDelta> alive, HashSet<int> dead, Hash256 node)
    {
        var version = Footer?.Version ?? 0;
        if (!dead.Contains(version)) return version;
        var over = alive.Where(
            d => d.Low < version && d.Key.Edge > version && d.FromNode == node)
            .OrderByDescending(d => d.Key.Operation).FirstOrDefault();
        return over?.Key.From ?? version;
    }
}
