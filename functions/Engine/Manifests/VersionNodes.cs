using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Derives the nodes of all shards of a disk at a version from the manifest.</summary>
public static class VersionNodes
{
    /// <summary>The shards that are not all zero, ascending.</summary>
    /// <exception cref="CorruptObjectException">They do not come to the version's fingerprint.</exception>
    public static async Task<IReadOnlyList<ShardNode>> AtAsync(
        Manifest manifest, VersionRecord version, VersionDisk disk, CancellationToken cancellation)
    {
        var nodes = new SortedDictionary<int, Hash256>();
        var newest = manifest.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
        if (newest is not null)
            foreach (var node in await manifest.NodesAsync(newest, cancellation))
                nodes[node.Shard] = node.Node;
        var open = new HashSet<int>();
        await foreach (var above in manifest.VersionsAsync(
            version.Number + 1, cancellation: cancellation))
            foreach (var edge in await EdgesAsync(manifest, above, disk.Name, cancellation))
                if (open.Add(edge.Shard)) nodes.Remove(edge.Shard);
        // What has changed since is told by the last change that came before.
        await foreach (var below in manifest.VersionsDescendingAsync(
            to: version.Number, cancellation: cancellation))
        {
            if (open.Count == 0) break;
            foreach (var edge in await EdgesAsync(manifest, below, disk.Name, cancellation))
                if (open.Remove(edge.Shard) && !edge.Node.IsZero) nodes[edge.Shard] = edge.Node;
        }
        var found = Fingerprints.Disk(nodes);
        return found == disk.Node
            ? [.. nodes.Select(n => new ShardNode(n.Key, n.Value))]
            : throw new CorruptObjectException(
                ObjectNames.Head(manifest.Machine),
                $"shards of node {disk.Node} at version {version.Number}", $"{found}");
    }

    private static async Task<IReadOnlyList<ShardEdge>> EdgesAsync(
        Manifest manifest, VersionRecord version, string disk, CancellationToken cancellation)
    {
        var found = version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal));
        return found is null ? [] : await manifest.EdgesAsync(found, cancellation);
    }
}
