using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Reads the immutable objects of manifests, keeping those read last.</summary>
internal sealed class ManifestReader(IObjectStore store)
{
    private const long CacheBytes = 48L << 20;

    // What a record weighs in memory against its JSON: the text is UTF-16 there.
    private const int MemoryPerByte = 3;

    private readonly BoundedCache _cache = new(CacheBytes);

    public async Task<VersionPage> PageAsync(
        string machine, VersionPageReference reference, CancellationToken cancellation)
    {
        var name = ObjectNames.VersionPage(machine, reference.Hash);
        if (_cache.Find<VersionPage>(name) is { } kept) return kept;
        var (bytes, _) = await store.ReadWholeAsync(
            name, ManifestCodec.MaxPageBytes, cancellation);
        var page = ManifestCodec.ReadPage(bytes, machine, reference);
        _cache.Keep(name, page, (long)bytes.Length * MemoryPerByte);
        return page;
    }

    public async Task<IReadOnlyList<ShardEdge>> EdgesAsync(
        string machine, TableReference table, CancellationToken cancellation)
    {
        if (table.Object is not { } hash)
            return await ShardTables.LoadEdgesAsync(store, machine, table, cancellation);
        var name = ObjectNames.ShardTable(machine, hash);
        if (_cache.Find<IReadOnlyList<ShardEdge>>(name) is { } kept) return kept;
        var edges = await ShardTables.LoadEdgesAsync(store, machine, table, cancellation);
        _cache.Keep(name, edges, (long)edges.Count * ShardTables.EdgeBytes);
        return edges;
    }

    public async ValueTask<ShardEdge?> EdgeAsync(
        string machine, TableReference table, int shard, CancellationToken cancellation)
    {
        if (table.Object is null) return ShardTables.FindInline(table, shard, machine);
        var edges = await EdgesAsync(machine, table, cancellation);
        var (low, high) = (0, edges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (edges[middle].Shard == shard) return edges[middle];
            if (edges[middle].Shard < shard) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    public Task<IReadOnlyList<ShardNode>> NodesAsync(
        string machine, TableReference table, CancellationToken cancellation) =>
        ShardTables.LoadNodesAsync(store, machine, table, cancellation);
}
