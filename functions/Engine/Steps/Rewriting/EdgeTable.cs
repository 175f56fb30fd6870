using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>The edges of one disk of a version while they are changed.</summary>
internal sealed class EdgeTable
{
    private readonly SortedDictionary<int, ShardEdge> _edges = [];

    public EdgeTable(IEnumerable<ShardEdge> edges)
    {
        foreach (var edge in edges) _edges.Add(edge.Shard, edge);
    }

    /// <summary>Whether any edge was taken or put.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Bytes that the version changes more than before.</summary>
    public long MoreBytes { get; set; }

    /// <summary>The edges, by shard.</summary>
    public IReadOnlyList<ShardEdge> Edges => [.. _edges.Values];

    /// <summary>Whether there is an edge of a shard.</summary>
    public bool Has(int shard) => _edges.ContainsKey(shard);

    /// <summary>Takes a shard's edge out, if there is one.</summary>
    public ShardEdge? Take(int shard)
    {
        if (!_edges.Remove(shard, out var edge)) return null;
        IsChanged = true;
        return edge;
    }

    /// <summary>Puts an edge in, in place of one of its shard.</summary>
    public void Put(ShardEdge edge)
    {
        _edges[edge.Shard] = edge;
        IsChanged = true;
    }
}
