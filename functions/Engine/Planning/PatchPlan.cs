using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>Which deltas move one shard's base towards a version, in the order they are laid.</summary>
public static class PatchPlan
{
    /// <summary>The forward incrementals up to a version, oldest first.</summary>
    public static async Task<IReadOnlyList<PatchDelta>> ForwardsAsync(
        Manifest manifest, string disk, int shard, int target, int most,
        CancellationToken cancellation)
    {
        var edges = await manifest.EdgesOfShardAsync(
            disk, shard, manifest.Head.ForwardsFrom - 1, target, cancellation);
        return [.. edges
            .Where(e => e.Edge.ForwardOperation != 0)
            .Take(most)
            .Select(e => new PatchDelta(
                new DeltaKey(e.Edge.Previous, e.Version.Number, e.Edge.ForwardOperation),
                e.Edge.Node))];
    }

    /// <summary>The reverse incrementals down to a version, newest first.</summary>
    public static async Task<IReadOnlyList<PatchDelta>> BackwardsAsync(
        Manifest manifest, string disk, int shard, int target, int most,
        CancellationToken cancellation)
    {
        var edges = await manifest.EdgesOfShardAsync(
            disk, shard, target, manifest.NewestNumber, cancellation);
        var deltas = new List<PatchDelta>();
        for (var i = edges.Count - 1; i >= 0 && deltas.Count < most; i--)
        {
            var (version, edge) = edges[i];
            if (edge.ReverseOperation == 0) continue;
            var below = i > 0
                ? edges[i - 1].Edge.Node
                : await NodeAtAsync(manifest, disk, shard, edge.Previous, cancellation);
            deltas.Add(new PatchDelta(
                new DeltaKey(version.Number, edge.Previous, edge.ReverseOperation), below));
        }
        return deltas;
    }

    /// <summary>The node of a shard at a version: that of the last edge that is not above it.</summary>
    private static async Task<Hash256> NodeAtAsync(
        Manifest manifest, string disk, int shard, int version, CancellationToken cancellation)
    {
        for (var top = version; top > 0;)
        {
            var bottom = Math.Max(0, top - 64);
            var edges = await manifest.EdgesOfShardAsync(disk, shard, bottom, top, cancellation);
            if (edges.Count > 0) return edges[^1].Edge.Node;
            top = bottom;
        }
        return Hash256.Zero;
    }
}
