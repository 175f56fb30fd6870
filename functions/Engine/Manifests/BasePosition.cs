namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Where a machine's base stands, as its manifest tells: reads the edges of the versions after it
/// and no footer. A move that was stopped has moved some shards and not others; then it is the
/// farthest of them.
/// </summary>
public static class BasePosition
{
    /// <summary>The version that the base stands at; 0 for none.</summary>
    public static async Task<int> FindAsync(Manifest manifest, CancellationToken cancellation)
    {
        // Below this number deltas lead backwards, so the search from the newest one ends there.
        var last = 0;
        var from = Math.Max(1, manifest.Head.ForwardsFrom);
        var after = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync(from, cancellation: cancellation))
            after.Add(version);
        for (var i = after.Count - 1; i >= 0; i--)
        {
            foreach (var disk in after[i].Disks)
            {
                var edges = await manifest.EdgesAsync(disk, cancellation);
                if (edges.Any(e => e.ReverseOperation > 0)) return after[i].Number;
            }
        }
        await foreach (var version in manifest.VersionsAsync(1, from - 1, cancellation))
            last = version.Number;
        return last > 0 ? last : after.Count > 0 ? after[0].Number : 0;
    }
}
