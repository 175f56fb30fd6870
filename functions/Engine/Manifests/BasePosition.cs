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
        var lowest = 0;
        await foreach (var version in manifest.VersionsDescendingAsync(cancellation: cancellation))
        {
            // Below this number no delta leads forwards, so the base stands here at the lowest.
            if (version.Number < manifest.Head.ForwardsFrom) return version.Number;
            foreach (var disk in version.Disks)
            {
                var edges = await manifest.EdgesAsync(disk, cancellation);
                if (edges.Any(e => e.ReverseOperation > 0)) return version.Number;
            }
            lowest = version.Number;
        }
        return lowest;
    }
}
