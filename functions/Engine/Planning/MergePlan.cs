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
    /// they were there, and the cost of a look does not grow with the history.
    /// </summary>
    public static Task<Candidate?> NextAsync(Manifest manifest, CancellationToken cancellation) =>
        manifest.Head.Versions.Count == 0
            ? Task.FromResult<Candidate?>(null)
            : NextAsync(manifest, manifest.Head.Versions[0].Number, cancellation);

    /// <summary>The same among the groups that end at a version or above it.</summary>
    public static async Task<Candidate?> NextAsync(
        Manifest manifest, int first, CancellationToken cancellation)
    {
        var last = Math.Min(manifest.NewestNumber, manifest.Head.ForwardsFrom - 1);
        var merged = await manifest.AllMergedAsync(first, cancellation);
        for (var level = 1; level <= ShardResolver.MostLevels; level++)
        {
            var span = MergedGroups.Span(level);
            for (var upper = (first + span - 1) / span * span; upper <= last; upper += span)
            {
                var group = (upper / span) - 1;
                if (upper == 0 || merged.Any(m => m.Level == level && m.Group == group)) continue;
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
