using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <summary>What holds of a machine whenever nothing is under way.</summary>
internal static class Invariants
{
    public static async Task CheckAsync(Rig rig)
    {
        var manifest = await rig.Life.Manifests.LoadAsync(Rig.Machine);
        Assert.Empty(manifest.Head.Operations);
        Assert.Null(manifest.Head.Claim);
        await CheckFingerprintsAsync(rig, manifest);
    }

    /// <summary>
    /// Once the grace period is over and a turn has ended, the placements hold the deltas and the
    /// machine files that the manifest lists, and no others: nothing is lost and nothing leaks.
    /// </summary>
    public static async Task CheckNothingLeaksAsync(Rig rig)
    {
        rig.Time.Advance(TimeSpan.FromSeconds(700));
        var newest = rig.Model.Keys.Last();
        await rig.ConsolidateAsync(newest);
        rig.Time.Advance(TimeSpan.FromSeconds(700));
        await rig.ConsolidateAsync(newest);
        var manifest = await rig.Life.Manifests.LoadAsync(Rig.Machine);
        Assert.Empty(manifest.Head.Retired);
        var listed = new SortedSet<string>(StringComparer.Ordinal);
        var packed = new List<PackRecord>();
        await foreach (var pack in manifest.AllPacksAsync()) packed.Add(pack);
        await foreach (var version in manifest.VersionsAsync())
            foreach (var disk in version.Disks)
                foreach (var edge in await manifest.EdgesAsync(disk))
                    AddNames(listed, version.Number, disk.Name, edge);
        // What lies in a pack has an index and no data of its own, and is a member exactly once.
        foreach (var pack in packed)
        {
            foreach (var data in pack.Members.SelectMany(m => m.Names(Rig.Machine)).Where(IsData))
                Assert.True(listed.Remove(data), $"{data} is no delta's");
        }
        Assert.Equal(
            packed.Select(p => p.ObjectName(Rig.Machine)).Order(StringComparer.Ordinal),
            rig.Delta.Names("machines/vm/packs/"));
        foreach (var merged in await manifest.AllMergedAsync(0))
            listed.UnionWith(merged.Names(Rig.Machine));
        var found = rig.Delta.Fingerprint("machines/").Select(o => o.Name)
            .Where(n => n.Contains("/disks/", StringComparison.Ordinal));
        Assert.Equal(listed, found);
        var files = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var version in manifest.VersionsAsync())
            files.UnionWith((version.Files ?? []).Select(f => f.ObjectName(Rig.Machine)));
        Assert.Equal(files, rig.Base.Names("machines/vm/files/"));
    }

    /// <summary>
    /// Each version's fingerprint is the one of its full copy, so versions of equal content have
    /// equal ones; the number of versions checked is the model's.
    /// </summary>
    private static async Task CheckFingerprintsAsync(Rig rig, Manifest manifest)
    {
        var count = 0;
        await foreach (var version in manifest.VersionsAsync())
        {
            if (version.State != VersionState.Ready) continue;
            var content = rig.Model[version.Number];
            Assert.Equal(
                IndependentFingerprint.Of(content, manifest.Head.Layout),
                version.Fingerprint.ToString());
            Assert.Equal(
                content.Select(d => (d.Key, (long)d.Value.Length)),
                version.Disks.Select(d => (d.Name, d.SizeBytes)));
            count++;
        }
        Assert.Equal(rig.Model.Count, count);
    }

    private static bool IsData(string name) => name.EndsWith(".dat", StringComparison.Ordinal);

    private static void AddNames(
        SortedSet<string> names, int version, string disk, ShardEdge edge)
    {
        var shard = new ShardKey(Rig.Machine, disk, edge.Shard);
        DeltaKey[] keys =
        [
            new(edge.Previous, version, edge.ForwardOperation),
            new(version, edge.Previous, edge.ReverseOperation),
        ];
        // A shard of a first version has neither: its base alone holds it.
        Assert.True(edge.ForwardOperation == 0 || edge.ReverseOperation == 0);
        foreach (var key in keys.Where(k => k.Operation != 0))
        {
            names.Add(ObjectNames.DeltaIndex(shard, key));
            names.Add(ObjectNames.DeltaData(shard, key));
        }
    }
}
