using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Tells whether deltas are listed: by an edge, or by an operation under way.</summary>
internal static class DeltaListing
{
    /// <summary>The version whose edges alone may list these deltas.</summary>
    public static int EdgeOf(DeltaSet set) => set.Key.Edge;

    /// <summary>Whether this version, which may be gone, lists any of these deltas.</summary>
    public static async Task<bool> ListsAsync(
        Manifest manifest, VersionRecord? version, DeltaSet set, CancellationToken cancellation)
    {
        if (version is null) return false;
        var below = Math.Min(set.From, set.To);
        foreach (var disk in version.Disks)
        {
            if (!string.Equals(disk.Name, set.Disk, StringComparison.Ordinal)) continue;
            foreach (var edge in await manifest.EdgesAsync(disk, cancellation))
            {
                var operation = set.Key.IsForward ? edge.ForwardOperation : edge.ReverseOperation;
                if (operation == set.Operation && edge.Previous == below
                    && set.Shards.Contains(edge.Shard))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Whether an operation under way may still create any of these deltas.</summary>
    public static bool MayBeCreated(ManifestHead head, DeltaSet set) =>
        head.Operations.Any(o => o.Creates.Any(c =>
            c.Key == set.Key
            && string.Equals(c.Disk, set.Disk, StringComparison.Ordinal)
            && c.Shards.Overlaps(set.Shards)));

    /// <summary>The error of a deletion or listing that would break the rule.</summary>
    public static RefusedException StillListed(string machine, string what) => new(
        "still-listed",
        $"{what} of '{machine}' is listed by the manifest and retired at once; what is retired is "
        + "never listed again and what is listed is never deleted. Nothing was changed.");
}
