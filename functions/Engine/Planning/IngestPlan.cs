using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>Which shards of a disk an ingest must look at: those that can differ.</summary>
public static class IngestPlan
{
    /// <summary>The shards that can differ from the newest version.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="disk">The disk's name.</param>
    /// <param name="touched">The shards that the image says anything of.</param>
    /// <param name="parent">The version the image is laid on; 0 for a full image.</param>
    /// <param name="sizeBytes">The disk's size in the image.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<ShardRanges> ShardsAsync(
        Manifest manifest, string disk, ShardRanges touched, int parent, long sizeBytes,
        CancellationToken cancellation)
    {
        var record = manifest.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal));
        if (record is null) return touched;
        var newest = manifest.NewestNumber;
        var nodes = await manifest.NodesAsync(record, cancellation);
        if (parent == 0)
        {
            // A full image says of every shard what it holds, and zero where it says nothing.
            return touched.Union(ShardRanges.Of(nodes.Select(n => n.Shard)));
        }
        var shards = touched;
        if (sizeBytes != record.SizeBytes)
        {
            var first = (int)(Math.Min(sizeBytes, record.SizeBytes)
                / manifest.Head.Layout.ShardBytes);
            shards = shards.Union(ShardRanges.Of(
                nodes.Select(n => n.Shard).Where(s => s >= first)));
        }
        await foreach (var version in manifest.VersionsAsync(parent + 1, newest, cancellation))
        {
            var at = version.Disks.FirstOrDefault(
                d => string.Equals(d.Name, disk, StringComparison.Ordinal));
            if (at is null) continue;
            var edges = await manifest.EdgesAsync(at, cancellation);
            shards = shards.Union(ShardRanges.Of(edges.Select(e => e.Shard)));
        }
        return shards;
    }
}
