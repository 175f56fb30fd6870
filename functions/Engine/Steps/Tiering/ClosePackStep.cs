using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// <c>ClosePack</c>: by one change, lists the packs, makes the edges name the deltas in them,
/// retires the deltas they were copied from and the merged indexes that name those, and takes the
/// operation from the manifest.
/// </summary>
public sealed class ClosePackStep(StepServices services)
    : Step<ClosePackInput, bool>(TierSteps.ClosePackName)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        ClosePackInput input, CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                if (edit.FindOperation(input.Operation) is { } operation)
                    await CloseAsync(edit, operation, input.Packs, cancellation);
            },
            cancellation);
        return true;
    }

    private static async Task CloseAsync(
        ManifestEdit edit, OperationRecord operation, IReadOnlyList<PackOutcome> outcomes,
        CancellationToken cancellation)
    {
        var retired = new List<DeltaSet>();
        foreach (var byVersion in operation.Creates.GroupBy(c => c.Key.Edge))
        {
            var version = await edit.FindVersionAsync(byVersion.Key, cancellation)
                ?? throw new NoSuchException(
                    $"version {byVersion.Key} of '{edit.Head.Machine}'",
                    "It was there when its deltas were packed.");
            var disks = new List<VersionDisk>();
            foreach (var disk in version.Disks)
                disks.Add(await ReplaceAsync(edit, disk, byVersion, retired, cancellation));
            await edit.ReplaceVersionAsync(version with { Disks = disks }, cancellation);
        }
        foreach (var pack in operation.Packs ?? [])
        {
            var outcome = outcomes.First(o => o.Number == pack.Number);
            // Not the time of this try: a page that a crash leaves unlisted comes out the same again.
            edit.AddPack(pack with
            {
                TierChanged = operation.Started, LengthBytes = outcome.LengthBytes, Hash = outcome.Hash,
            });
        }
        var names = await DropMergedAsync(edit, operation.Creates, cancellation);
        edit.CloseOperation(operation.Number);
        edit.Retire(operation.Number, retired, names);
    }

    private static async Task<VersionDisk> ReplaceAsync(
        ManifestEdit edit, VersionDisk disk, IEnumerable<DeltaSet> sets, List<DeltaSet> retired,
        CancellationToken cancellation)
    {
        var own = sets
            .Where(s => string.Equals(s.Disk, disk.Name, StringComparison.Ordinal)).ToList();
        if (own.Count == 0) return disk;
        var edges = (await edit.Before.EdgesAsync(disk, cancellation)).ToArray();
        var old = new List<(DeltaKey Key, int Shard)>();
        for (var i = 0; i < edges.Length; i++)
        {
            var edge = edges[i];
            var set = own.Find(s => s.To == edge.Previous && s.Shards.Contains(edge.Shard));
            if (set is null) continue;
            old.Add((new DeltaKey(set.From, set.To, edge.ReverseOperation), edge.Shard));
            edges[i] = edge with { ReverseOperation = set.Operation };
        }
        retired.AddRange(old.GroupBy(o => o.Key).Select(g => new DeltaSet(
            disk.Name, g.Key.From, g.Key.To, g.Key.Operation,
            ShardRanges.Of(g.Select(o => o.Shard)))));
        return disk with { Edges = await edit.SaveTableAsync(edges, cancellation) };
    }

    /// <summary>Merged indexes over deltas that are replaced lead to data that will be swept.</summary>
    private static async Task<IReadOnlyList<string>> DropMergedAsync(
        ManifestEdit edit, IReadOnlyList<DeltaSet> replaced, CancellationToken cancellation)
    {
        var names = new List<string>();
        var over = await edit.Before.MergedOverAsync(
            replaced.Min(r => r.Key.Edge) - 1, replaced.Max(r => r.Key.Edge), cancellation);
        foreach (var merged in over)
        {
            var isTouched = replaced.Any(r =>
                r.Key.Edge > merged.LowerEdge && r.Key.Edge <= merged.UpperEdge
                && string.Equals(r.Disk, merged.Disk, StringComparison.Ordinal)
                && r.Shards.Overlaps(merged.Shards));
            if (isTouched && await edit.RemoveMergedAsync(merged, cancellation))
                names.AddRange(merged.Names(edit.Head.Machine));
        }
        return names;
    }
}
