using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

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
        var manifest = await services.Manifests.FindAsync(shard.Machine, cancellation);
        if (manifest?.Head.Operations.Any(o => o.Number == operation) == true) return;
        foreach (var key in deltas)
        {
            var set = new DeltaSet(
                shard.Disk, key.From, key.To, key.Operation,
                ShardRanges.Range(shard.Shard, shard.Shard));
            // A twin of this worker may have finished the operation with these very deltas.
            if (manifest is not null && (await DeltaListing.ListsAsync(
                    manifest, await manifest.FindVersionAsync(key.Edge, cancellation), set,
                    cancellation)
                || IsRetired(manifest.Head, set))) continue;
            foreach (var name in set.Names(shard.Machine))
                await services.DeltaStore.DeleteAsync(name, ifMatch: null, cancellation);
        }
        throw Ended(operation, manifest, shard.Machine);
    }

    /// <summary>
    /// Goes on while there is the machine that the operation belongs to; else deletes a base that
    /// this worker has made where there was none. Only a machine's deletion leaves none where an
    /// operation that has ended could commit one, and a new machine of its name must not find it.
    /// </summary>
    /// <param name="services">The stores and manifests.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="made">The base as it was committed.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="SupersededException">The operation has ended.</exception>
    public static async Task RequireWantedBaseAsync(
        StepServices services, ShardKey shard, long operation, ObjectProperties made,
        CancellationToken cancellation)
    {
        var manifest = await services.Manifests.FindAsync(shard.Machine, cancellation);
        // An operation of this very machine: a twin may have closed it meanwhile, with this base.
        if (manifest is not null && (manifest.Head.FirstOperation ?? 0) <= operation) return;
        await services.BaseStore.DeleteAsync(made.Name, made.ETag, cancellation);
        throw Ended(operation, manifest, shard.Machine);
    }

    private static SupersededException Ended(
        long operation, Manifest? manifest, string machine) =>
        new(operation, (manifest?.Head.NextOperation ?? operation + 1) - 1,
            ObjectNames.Head(machine));

    /// <summary>The same for a pack and the indexes of its members.</summary>
    /// <exception cref="SupersededException">The operation has ended.</exception>
    public static async Task RequireWantedAsync(
        StepServices services, string machine, PackRecord pack, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(machine, cancellation);
        if (manifest.Head.Operations.Any(o => o.Number == pack.Operation)) return;
        var name = pack.ObjectName(machine);
        var listed = await manifest.PacksAsync(pack.Operation, cancellation);
        var isKept = listed.Any(p => p.IsSame(pack))
            || manifest.Head.Retired.Any(r => r.Names.Contains(name, StringComparer.Ordinal));
        foreach (var set in pack.Members)
        {
            var version = await manifest.FindVersionAsync(set.Key.Edge, cancellation);
            foreach (var shard in set.Shards)
            {
                var one = set with { Shards = ShardRanges.Range(shard, shard) };
                if (await DeltaListing.ListsAsync(manifest, version, one, cancellation)
                    || IsRetired(manifest.Head, one)) continue;
                await services.DeltaStore.DeleteAsync(
                    ObjectNames.DeltaIndex(new ShardKey(machine, set.Disk, shard), set.Key),
                    ifMatch: null, cancellation);
            }
        }
        // Indexes before data: an index that outlives its data would pass for a delta.
        if (!isKept) await services.DeltaStore.DeleteAsync(name, ifMatch: null, cancellation);
        throw new SupersededException(
            pack.Operation, manifest.Head.NextOperation - 1, ObjectNames.Head(machine));
    }

    /// <summary>Whether the sweep will delete it, after the readers' grace.</summary>
    private static bool IsRetired(ManifestHead head, DeltaSet set) =>
        head.Retired.Any(r => r.Deltas.Any(d =>
            d.Key == set.Key && string.Equals(d.Disk, set.Disk, StringComparison.Ordinal)
            && d.Shards.Overlaps(set.Shards)));
}
