using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Looks through the names that lie in both placements.</summary>
internal sealed class MachineObjects(StepServices services, string machine, Findings findings)
{
    private const int NamesTold = 3;

    private string CopiesPrefix => $"{ObjectNames.Machine(machine)}heads/";

    /// <summary>Where a rebuild keeps what it replaced; for people to look at, nothing lists it.</summary>
    private string DamagedPrefix => $"{ObjectNames.Machine(machine)}damaged/";

    /// <summary>Reads the dated copies of the head; both placements must keep the same ones.</summary>
    public async Task CheckCopiesAsync(Manifest? manifest, CancellationToken cancellation)
    {
        var names = new List<HashSet<string>>();
        foreach (var store in Stores())
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var copy in store.ListAsync(CopiesPrefix, cancellation))
            {
                found.Add(copy.Name);
                await CheckCopyAsync(store, copy.Name, cancellation);
            }
            names.Add(found);
        }
        if (names.Count < 2) return;
        foreach (var name in names[0].Except(names[1], StringComparer.Ordinal))
            findings.Warn(name, $"a copy in {services.DeltaStore.Description} too", "none");
        foreach (var name in names[1].Except(names[0], StringComparer.Ordinal))
            findings.Warn(name, $"a copy in {services.BaseStore.Description} too", "none");
        if (manifest is { NewestNumber: > 0 } && names.TrueForAll(n => n.Count == 0))
            findings.Warn(CopiesPrefix, "a dated copy of the head", "none");
    }

    /// <summary>Counts the objects that nothing lists; when there are any, they are looked at twice.</summary>
    public async Task CountOrphansAsync(
        Manifest manifest, ManifestCheck check, CancellationToken cancellation)
    {
        var orphans = await FindAsync(manifest, check, cancellation);
        if (orphans.Count == 0) return;
        // What an operation made since the head was read is no orphan.
        Manifest now;
        try
        {
            now = await FreshManifest.LoadAsync(services.BaseStore, machine, cancellation);
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            return;
        }
        if (!string.Equals(now.ETag, manifest.ETag, StringComparison.Ordinal))
        {
            var again = new ManifestCheck(services.BaseStore, now, new Findings());
            await again.RunAsync(cancellation);
            orphans = await FindAsync(now, again, cancellation);
        }
        findings.Orphans = orphans.Count;
        findings.OrphanBytes = orphans.Sum(o => o.LengthBytes);
        if (orphans.Count == 0) return;
        var told = string.Join(", ", orphans.Take(NamesTold).Select(o => o.Name));
        findings.Warn(
            ObjectNames.Machine(machine), "objects that the manifest lists",
            $"{orphans.Count} others, {findings.OrphanBytes} bytes: {told}");
    }

    private async Task<List<ObjectProperties>> FindAsync(
        Manifest manifest, ManifestCheck check, CancellationToken cancellation)
    {
        var orphans = new List<ObjectProperties>();
        var retired = manifest.Head.Retired.SelectMany(r => r.Names)
            .ToHashSet(StringComparer.Ordinal);
        var merged = check.Merged
            .SelectMany(m => m.Shards.Select(s => ObjectNames.MergedIndex(
                new ShardKey(machine, m.Disk, s), m.Level, m.Group, m.Operation)))
            .ToHashSet(StringComparer.Ordinal);
        var arriving = manifest.Head.Operations.SelectMany(o => o.Files ?? [])
            .Select(f => f.ObjectName(machine)).ToHashSet(StringComparer.Ordinal);
        var packs = check.Packs.Concat(manifest.Head.Operations.SelectMany(o => o.Packs ?? []))
            .Select(p => p.ObjectName(machine)).ToHashSet(StringComparer.Ordinal);
        // A mount's record sorts behind its chunks: they are put together when all are read.
        var ofMounts = new List<(string Id, ObjectProperties Found)>();
        foreach (var store in Stores())
        {
            await foreach (var found in store.ListAsync(
                ObjectNames.Machine(machine), cancellation))
            {
                if (ObjectNames.TryParseMount(found.Name, out _, out var id))
                    ofMounts.Add((id, found));
                else if (!IsKnown(found.Name))
                    orphans.Add(found);
            }
        }
        var mounts = ofMounts
            .Where(m => string.Equals(
                m.Found.Name, ObjectNames.MountRecord(machine, m.Id), StringComparison.Ordinal))
            .Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        orphans.AddRange(ofMounts.Where(m => !mounts.Contains(m.Id)).Select(m => m.Found));
        return orphans;

        bool IsKnown(string name) =>
            ObjectNames.TryParseDelta(name, out var shard, out var key)
                ? check.Lists(shard, key) || MayBe(manifest.Head, shard, key)
                : ObjectNames.TryParseBase(name, out _)
                    || string.Equals(name, ObjectNames.Head(machine), StringComparison.Ordinal)
                    || string.Equals(name, ObjectNames.Gone(machine), StringComparison.Ordinal)
                    || name.StartsWith(CopiesPrefix, StringComparison.Ordinal)
                    || name.StartsWith(ObjectNames.Origins(machine), StringComparison.Ordinal)
                    || name.StartsWith(DamagedPrefix, StringComparison.Ordinal)
                    || check.Lists(name) || merged.Contains(name) || retired.Contains(name)
                    || arriving.Contains(name) || packs.Contains(name)
                    || IsCopy(manifest.Head, name)
                    || retired.Any(r => r.EndsWith('/')
                        && name.StartsWith(r, StringComparison.Ordinal))
                    || manifest.Head.Operations.Any(o => name.StartsWith(
                        ObjectNames.OperationChunks(machine, o.Number),
                        StringComparison.Ordinal));
    }

    private static bool IsCopy(ManifestHead head, string name) =>
        ObjectNames.TryParseRehydrated(name, out _, out var operation, out _)
        && head.Rehydrated?.Any(r => r.Operation == operation) == true;

    /// <summary>Whether an operation under way may make a delta, or a sweep is to delete it.</summary>
    private static bool MayBe(ManifestHead head, ShardKey shard, DeltaKey key) =>
        head.Operations.SelectMany(o => o.Creates)
            .Concat(head.Retired.SelectMany(r => r.Deltas))
            .Any(s => s.Key == key && s.Shards.Contains(shard.Shard)
                && string.Equals(s.Disk, shard.Disk, StringComparison.Ordinal));

    private async Task CheckCopyAsync(
        IObjectStore store, string name, CancellationToken cancellation)
    {
        findings.Objects++;
        try
        {
            var (bytes, properties) = await store.ReadWholeAsync(
                name, ManifestCodec.MaxHeadBytes, cancellation);
            findings.BytesRead += bytes.Length;
            ManifestCodec.ReadHead(bytes, properties, machine);
        }
        catch (ObjectNotFoundException)
        {
            // The oldest copies go as new ones come.
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            var (_, expected, found) = Findings.Describe(error, name);
            findings.Error(name, $"{expected} (in {store.Description})", found);
        }
    }

    private IEnumerable<IObjectStore> Stores() =>
        new[] { services.BaseStore, services.DeltaStore }.Distinct();
}
