using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Which shards of a disk can matter, told by the manifest alone.</summary>
public static class DiskShards
{
    /// <summary>
    /// The shards that can differ between two versions, wherever the disk ends at either; null when
    /// the disk was not there all along, so that any shard can.
    /// </summary>
    public static async Task<ShardRanges?> BetweenAsync(
        Manifest manifest, string disk, int one, int other, CancellationToken cancellation)
    {
        if (one == other) return ShardRanges.Empty;
        var shards = new HashSet<int>();
        var versions = manifest.VersionsAsync(
            Math.Min(one, other) + 1, Math.Max(one, other), cancellation);
        await foreach (var version in versions)
        {
            var found = Find(version, disk);
            if (found is null) return null;
            foreach (var edge in await manifest.EdgesAsync(found, cancellation))
                shards.Add(edge.Shard);
        }
        return ShardRanges.Of(shards);
    }

    /// <summary>
    /// The shards of a disk that can hold anything at a version: those that hold something at the
    /// newest one, and those that have changed since. The work follows the way from the newest.
    /// </summary>
    public static async Task<ShardRanges> WithDataAsync(
        Manifest manifest, VersionDisk disk, int version, CancellationToken cancellation)
    {
        var count = manifest.Head.Layout.ShardsOf(disk.SizeBytes);
        if (count == 0) return ShardRanges.Empty;
        var newest = manifest.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
        var changed = newest is null ? null : await BetweenAsync(
            manifest, disk.Name, version, manifest.NewestNumber, cancellation);
        if (changed is null) return ShardRanges.Range(0, count - 1);
        var nodes = await manifest.NodesAsync(newest!, cancellation);
        return ShardRanges.Of(
            nodes.Select(n => n.Shard).Concat(changed).Where(s => s < count));
    }

    private static VersionDisk? Find(VersionRecord version, string disk) =>
        version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal));
}
