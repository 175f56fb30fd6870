using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>
/// Holds what lies in both placements against the manifest: nothing lies there that it does not
/// list, has retired, or that is a head, a dated copy, a base or a job.
/// </summary>
internal static class ListedObjects
{
    /// <summary>No operation is under way, the turn is free, and nothing unlisted lies about.</summary>
    public static async Task CheckAsync(
        Rig rig, string context, string machine = Rig.Machine)
    {
        var manifest = await rig.Life.Manifests.LoadAsync(machine);
        Assert.True(
            manifest.Head.Operations.Count == 0,
            $"{context}: still under way: {string.Join(", ", manifest.Head.Operations)}");
        Assert.True(manifest.Head.Claim is null, $"{context}: the turn is {manifest.Head.Claim}");
        var unlisted = await UnlistedAsync(rig, manifest);
        Assert.True(
            unlisted.Count == 0, $"{context}: nothing lists {string.Join(", ", unlisted)}");
    }

    private static async Task<List<string>> UnlistedAsync(Rig rig, Manifest manifest)
    {
        var machine = manifest.Machine;
        var known = new HashSet<string>(StringComparer.Ordinal) { ObjectNames.Head(machine) };
        foreach (var record in manifest.Head.Retired)
        {
            known.UnionWith(record.Names);
            known.UnionWith(record.Deltas.SelectMany(d => d.Names(machine)));
        }
        known.UnionWith((manifest.Head.Rehydrated ?? []).Select(
            r => ObjectNames.Rehydrated(machine, r.Operation)));
        known.UnionWith(manifest.Head.Pages.Select(p => ObjectNames.VersionPage(machine, p.Hash)));
        AddTables(known, machine, manifest.Head.Disks.Select(d => d.Nodes));
        await foreach (var version in manifest.VersionsAsync())
        {
            known.UnionWith((version.Files ?? []).Select(f => f.ObjectName(machine)));
            AddTables(known, machine, version.Disks.Select(d => d.Edges));
            foreach (var disk in version.Disks)
                foreach (var edge in await manifest.EdgesAsync(disk))
                    AddDeltas(known, new ShardKey(machine, disk.Name, edge.Shard), version, edge);
        }
        foreach (var merged in await manifest.AllMergedAsync(0))
            known.UnionWith(merged.Shards.Select(s => ObjectNames.MergedIndex(
                new ShardKey(machine, merged.Disk, s), merged.Level, merged.Group,
                merged.Operation)));
        await foreach (var pack in manifest.AllPacksAsync()) known.Add(pack.ObjectName(machine));
        var prefix = ObjectNames.Machine(machine);
        return
        [
            .. rig.Base.Names(prefix).Where(n => !known.Contains(n) && !IsFixed(n, prefix)
                && !known.Any(k => k.EndsWith('/') && n.StartsWith(k, StringComparison.Ordinal))
                && !ObjectNames.TryParseBase(n, out _)),
            .. rig.Delta.Names(prefix).Where(n => !known.Contains(n) && !IsFixed(n, prefix)
                && !known.Any(k => k.EndsWith('/') && n.StartsWith(k, StringComparison.Ordinal))),
        ];
    }

    private static bool IsFixed(string name, string prefix) =>
        name.StartsWith($"{prefix}heads/", StringComparison.Ordinal)
        || name.StartsWith($"{prefix}origins/", StringComparison.Ordinal)
        || string.Equals(name, $"{prefix}gone.json", StringComparison.Ordinal);

    private static void AddTables(
        HashSet<string> known, string machine, IEnumerable<TableReference> tables)
    {
        foreach (var table in tables)
            if (table.Object is { } hash) known.Add(ObjectNames.ShardTable(machine, hash));
    }

    private static void AddDeltas(
        HashSet<string> known, ShardKey shard, VersionRecord version, ShardEdge edge)
    {
        var forward = new DeltaKey(edge.Previous, version.Number, edge.ForwardOperation);
        var reverse = new DeltaKey(version.Number, edge.Previous, edge.ReverseOperation);
        foreach (var key in new[] { forward, reverse })
        {
            if (key.Operation == 0) continue;
            known.Add(ObjectNames.DeltaIndex(shard, key));
            known.Add(ObjectNames.DeltaData(shard, key));
        }
    }
}
