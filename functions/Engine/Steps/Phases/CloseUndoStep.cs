using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>CloseUndo</c>: takes the withdrawn version out of the lists once no base stands at it, and
/// retires the forward incrementals that led to it and the machine files that it alone had.
/// </summary>
public sealed class CloseUndoStep(StepServices services)
    : Step<UndoPhaseInput, bool>(PhaseNames.CloseUndo)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        UndoPhaseInput input, CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                var version = await edit.FindVersionAsync(input.Version, cancellation);
                if (version is { State: VersionState.Withdrawn })
                    await CloseAsync(edit, version, cancellation);
            },
            cancellation);
        return true;
    }

    private async Task CloseAsync(
        ManifestEdit edit, VersionRecord version, CancellationToken cancellation)
    {
        var below = await edit.Before.NextBelowAsync(version.Number, cancellation);
        var retired = new List<DeltaSet>();
        var records = new List<DiskRecord>();
        foreach (var disk in version.Disks)
        {
            var edges = await edit.Before.EdgesAsync(disk, cancellation);
            retired.AddRange(edges.Where(e => e.ForwardOperation != 0)
                .GroupBy(e => (e.Previous, e.ForwardOperation))
                .Select(g => new DeltaSet(
                    disk.Name, g.Key.Previous, version.Number, g.Key.ForwardOperation,
                    ShardRanges.Of(g.Select(e => e.Shard)))));
            var old = below?.Disks.FirstOrDefault(
                d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
            if (old is not null)
                records.Add(await RecordAsync(edit, version, disk, old, edges, cancellation));
        }
        await edit.RemoveVersionAsync(version.Number, cancellation);
        edit.SetDisks(records);
        edit.Retire(version.Operation, retired);
        await edit.RetireFilesAsync(version.Operation, version.Files, cancellation);
    }

    /// <summary>The disk as the version below had it; changed shards tell it in their deltas.</summary>
    private async Task<DiskRecord> RecordAsync(
        ManifestEdit edit, VersionRecord version, VersionDisk disk, VersionDisk old,
        IReadOnlyList<ShardEdge> edges, CancellationToken cancellation)
    {
        var record = edit.Before.Head.Disks.First(
            d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
        var nodes = new SortedDictionary<int, Hash256>();
        foreach (var node in await edit.Before.NodesAsync(record, cancellation))
            nodes[node.Shard] = node.Node;
        foreach (var edge in edges)
        {
            var key = new DeltaKey(edge.Previous, version.Number, edge.ForwardOperation);
            var index = await services.Resolver.Indexes.DeltaAsync(
                new ShardKey(edit.Head.Machine, disk.Name, edge.Shard), key, cancellation);
            if (index.FromNode.IsZero) nodes.Remove(edge.Shard);
            else nodes[edge.Shard] = index.FromNode;
        }
        var found = Fingerprints.Disk(nodes);
        if (found != old.Node)
            throw new ProofFailedException(
                $"disk '{disk.Name}' of '{edit.Head.Machine}' below version {version.Number}",
                old.Node, found);
        List<ShardNode> table = [.. nodes.Select(n => new ShardNode(n.Key, n.Value))];
        return new DiskRecord(
            disk.Name, old.SizeBytes, await edit.SaveTableAsync(table, cancellation));
    }
}
