using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>Finds groups of reverse incrementals that are complete and have no merged index.</summary>
public static class MergePlan
{
    /// <summary>A group and the shards that gain from an index of it.</summary>
    public sealed record Candidate(
        int Level, int Group, IReadOnlyDictionary<string, ShardRanges> Shards);

    /// <summary>
    /// The first such group, lowest level first, so that a higher one is made from lower ones.
    /// Looked for are those that end among the versions of the head: older ones were found when
    /// they were there, and the cost of a look does not grow with the history. After an expiry,
    /// those are looked for that reach into the span whose deltas have changed. No group is made
    /// that begins below the oldest version: whatever leads there is near its own end, and the
    /// group would be dropped with the next oldest that goes.
    /// </summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="above">The span: edges above this version ...</param>
    /// <param name="upTo">... and up to this one; 0: the versions of the head.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<Candidate?> NextAsync(
        Manifest manifest, int above, int upTo, CancellationToken cancellation)
    {
        if (manifest.Head.Versions.Count == 0) return null;
        var isHead = upTo == 0;
        var first = isHead ? manifest.Head.Versions[0].Number : above + 1;
        var last = Math.Min(manifest.NewestNumber, manifest.Head.ForwardsFrom - 1);
        var merged = isHead
            ? await manifest.AllMergedAsync(first, cancellation)
            : await manifest.MergedOverAsync(above, upTo, cancellation);
        for (var level = 1; level <= ShardResolver.MostLevels; level++)
        {
            var span = MergedGroups.Span(level);
            for (var upper = (first + span - 1) / span * span; upper <= last; upper += span)
            {
                if (!isHead && upper - span >= upTo) break;
                var group = (upper / span) - 1;
                if (upper - span < manifest.OldestNumber - 1 || merged.Any(m => m.Level == level && m.Group == group)) continue;
                var shards = await ShardsAsync(manifest, upper - span, upper, cancellation);
                if (shards.Count > 0) return new Candidate(level, group, shards);
            }
        }
        return null;
    }

    /// <summary>The shards with at least two deltas in a span of versions, all of them reverse.</summary>
    private static async Task<IReadOnlyDictionary<string, ShardRanges>> ShardsAsync(
        Manifest manifest, int above, int upTo, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, Dictionary<int, int>>(StringComparer.Ordinal);
        await foreach (var version in manifest.VersionsAsync(above + 1, upTo, cancellation))
        {
            foreach (var disk in version.Disks)
            {
                if (!counts.TryGetValue(disk.Name, out var shards))
                    counts.Add(disk.Name, shards = []);
                foreach (var edge in await manifest.EdgesAsync(disk, cancellation))
                {
                    // A first version has no delta at all; a forward one spoils the whole group.
                    var weight = edge.ForwardOperation != 0 ? int.MinValue / 2
                        : edge.ReverseOperation != 0 ? 1 : 0;
                    shards[edge.Shard] = shards.GetValueOrDefault(edge.Shard) + weight;
                }
            }
        }
        return counts
            .Select(d => (d.Key, Shards: ShardRanges.Of(
                d.Value.Where(s => s.Value >= 2).Select(s => s.Key).Order())))
            .Where(d => !d.Shards.IsEmpty)
            .ToDictionary(d => d.Key, d => d.Shards, StringComparer.Ordinal);
    }
}
