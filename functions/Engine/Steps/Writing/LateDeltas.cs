using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// Takes deltas back that a stalled worker has published after its operation had left the
/// manifest: nothing lists them, nothing ever will, and no sweep knows of them.
/// </summary>
internal static class LateDeltas
{
    /// <summary>Goes on while the operation is listed; else deletes what nothing refers to.</summary>
    /// <exception cref="SupersededException">The operation has ended.</exception>
    public static async Task RequireWantedAsync(
        StepServices services, ShardKey shard, long operation, IEnumerable<DeltaKey> deltas,
        CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(shard.Machine, cancellation);
        if (manifest.Head.Operations.Any(o => o.Number == operation)) return;
        foreach (var key in deltas)
        {
            var set = new DeltaSet(
                shard.Disk, key.From, key.To, key.Operation,
                ShardRanges.Range(shard.Shard, shard.Shard));
            // A twin of this worker may have finished the operation with these very deltas.
            var version = await manifest.FindVersionAsync(key.Edge, cancellation);
            if (await DeltaListing.ListsAsync(manifest, version, set, cancellation)
                || IsRetired(manifest.Head, set)) continue;
            foreach (var name in set.Names(shard.Machine))
                await services.DeltaStore.DeleteAsync(name, ifMatch: null, cancellation);
        }
        throw new SupersededException(
            operation, manifest.Head.NextOperation - 1, ObjectNames.Head(shard.Machine));
    }

    /// <summary>Whether the sweep will delete it, after the readers' grace.</summary>
    private static bool IsRetired(ManifestHead head, DeltaSet set) =>
        head.Retired.Any(r => r.Deltas.Any(d =>
            d.Key == set.Key && string.Equals(d.Disk, set.Disk, StringComparison.Ordinal)
            && d.Shards.Overlaps(set.Shards)));
}
