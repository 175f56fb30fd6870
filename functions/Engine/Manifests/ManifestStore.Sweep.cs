using System.Globalization;
using System.Text.RegularExpressions;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>Copies of heads, and the deletion of what is no longer listed.</content>
public sealed partial class ManifestStore
{
    /// <summary>
    /// Keeps a copy of the head as it stands, named by an operation, in both placements; of the
    /// older copies the newest stay.
    /// </summary>
    public async Task CopyHeadAsync(
        string machine, long operation, CancellationToken cancellation = default)
    {
        var manifest = await LoadAsync(machine, cancellation);
        var bytes = ManifestCodec.Write(manifest.Head);
        var copy = ObjectNames.HeadCopy(machine, operation);
        var prefix = copy[..(copy.LastIndexOf('/') + 1)];
        IObjectStore[] stores = [.. new[] { baseStore, deltaStore }.Distinct()];
        foreach (var store in stores)
        {
            await store.PutAsync(
                copy, bytes, ManifestCodec.HeadOptions(bytes, ifMatch: null, ifAbsent: false),
                cancellation);
            var names = new List<string>();
            await foreach (var found in store.ListAsync(prefix, cancellation)) names.Add(found.Name);
            // Ordinal order is the operations' order: their numbers have leading zeros.
            foreach (var old in names.SkipLast(_options.HeadCopies))
                await store.DeleteAsync(old, ifMatch: null, cancellation);
        }
        // Where the machine was deleted meanwhile, nobody would delete the copy.
        if (await FindAsync(machine, cancellation) is { } now
            && now.Head.FirstOperation == manifest.Head.FirstOperation) return;
        foreach (var store in stores) await store.DeleteAsync(copy, ifMatch: null, cancellation);
    }

    /// <summary>
    /// Deletes what was retired and whose grace has passed, then forgets it. Objects go first: a
    /// crash between leaves records of objects that are gone, and the next sweep forgets them.
    /// </summary>
    /// <returns>How many objects were deleted.</returns>
    /// <exception cref="RefusedException">
    /// Reason "still-listed": the manifest lists one of them; nothing was deleted.
    /// </exception>
    public async Task<int> SweepAsync(
        string machine, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var manifest = await EndRehydrationsAsync(machine, now, cancellation);
        var due = manifest.Head.Retired.Where(r => r.SweepAfter <= now).ToList();
        if (due.Count == 0) return 0;
        foreach (var record in due) await RefuseListedAsync(manifest, record, cancellation);
        var deleted = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = _options.SweepParallelism,
            CancellationToken = cancellation,
        };
        var found = new List<string>();
        foreach (var record in due)
        {
            found.AddRange(record.Deltas.SelectMany(d => d.Names(machine)));
            foreach (var name in record.Names)
                found.AddRange(await BelowAsync(machine, name, cancellation));
        }
        var names = found
            .ToLookup(n => n.EndsWith(".dat", StringComparison.Ordinal)
                || n.EndsWith(".pack", StringComparison.Ordinal));
        // All indexes before any data: an index that outlives its data would look like a delta to
        // whoever rebuilds the catalog from what lies in storage.
        foreach (var isData in new[] { false, true })
        {
            await Parallel.ForEachAsync(names[isData], parallel, async (name, token) =>
            {
                if (await PlacementOf(machine, name).DeleteAsync(name, ifMatch: null, token))
                    Interlocked.Increment(ref deleted);
            });
        }
        await UpdateAsync(
            machine,
            edit =>
            {
                edit.DropRetired(due);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return deleted;
    }

    /// <summary>
    /// Retires the copies of rehydrations whose time is over: their jobs are lost, or have ended
    /// and left them for readers.
    /// </summary>
    private async Task<Manifest> EndRehydrationsAsync(
        string machine, DateTimeOffset now, CancellationToken cancellation)
    {
        var manifest = await LoadAsync(machine, cancellation);
        if (manifest.Head.Rehydrated?.Any(r => r.Until <= now) != true) return manifest;
        return await UpdateAsync(
            machine,
            edit =>
            {
                foreach (var record in edit.Head.Rehydrated ?? [])
                    if (record.Until <= now) edit.EndRehydration(record.Operation);
                return ValueTask.CompletedTask;
            },
            cancellation);
    }

    private async Task<IReadOnlyList<string>> BelowAsync(
        string machine, string name, CancellationToken cancellation)
    {
        if (!name.EndsWith('/')) return [name];
        var names = new List<string>();
        var store = PlacementOf(machine, name);
        await foreach (var found in store.ListAsync(name, cancellation)) names.Add(found.Name);
        return names;
    }

    private IObjectStore PlacementOf(string machine, string name) =>
        name.StartsWith($"{ObjectNames.Machine(machine)}disks/", StringComparison.Ordinal)
            || ObjectNames.TryParsePack(name, out _, out _, out _)
            || ObjectNames.TryParseRehydrated(name, out _, out _, out _)
            ? deltaStore
            : baseStore;

    private static async Task RefuseListedAsync(
        Manifest manifest, RetiredRecord record, CancellationToken cancellation)
    {
        foreach (var set in record.Deltas)
        {
            var version = await manifest.FindVersionAsync(DeltaListing.EdgeOf(set), cancellation);
            if (DeltaListing.MayBeCreated(manifest.Head, set)
                || await DeltaListing.ListsAsync(manifest, version, set, cancellation))
            {
                throw DeltaListing.StillListed(manifest.Machine, set.ToString());
            }
        }
        foreach (var name in record.Names)
        {
            if (await IsListedAsync(manifest, name, cancellation))
                throw DeltaListing.StillListed(manifest.Machine, $"'{name}'");
        }
    }

    /// <summary>
    /// Whether the manifest lists this name. Tables of versions on pages are not looked through:
    /// a table's name holds the revision it was written for, so it cannot come back.
    /// </summary>
    private static async Task<bool> IsListedAsync(
        Manifest manifest, string name, CancellationToken cancellation)
    {
        var head = manifest.Head;
        var machine = head.Machine;
        if (ObjectNames.TryParseDelta(name, out var shard, out var key))
        {
            var set = new DeltaSet(
                shard.Disk, key.From, key.To, key.Operation,
                ShardRanges.Range(shard.Shard, shard.Shard));
            var version = await manifest.FindVersionAsync(key.Edge, cancellation);
            return DeltaListing.MayBeCreated(head, set)
                || await DeltaListing.ListsAsync(manifest, version, set, cancellation);
        }
        if (ObjectNames.TryParsePack(name, out _, out var packer, out var number))
        {
            var listed = await manifest.PacksAsync(packer, cancellation);
            var created = head.Operations.SelectMany(o => o.Packs ?? []);
            return listed.Concat(created).Any(p => p.Operation == packer && p.Number == number);
        }
        if (MergedPattern().Match(name) is { Success: true } match)
            return await IsMergedListedAsync(manifest, match, cancellation);
        if (FileListing.OfName(name) is { } file)
            return await FileListing.ListsAsync(manifest, file, cancellation);
        if (ObjectNames.TryParseRehydrated(name, out _, out var rehydration, out _))
            return head.Rehydrated?.Any(r => r.Operation == rehydration) == true;
        // A base keeps its name for ever and says itself where it stands; heads are no garbage.
        if (ObjectNames.TryParseBase(name, out _)) return true;
        if (string.Equals(name, ObjectNames.Head(machine), StringComparison.Ordinal)) return true;
        return head.Pages.Any(p => Is(ObjectNames.VersionPage(machine, p.Hash)))
            || head.Disks.Any(d => IsTable(d.Nodes))
            || head.Versions.Any(v => v.Disks.Any(d => IsTable(d.Edges)));

        bool IsTable(TableReference table) =>
            table.Object is { } hash && Is(ObjectNames.ShardTable(machine, hash));
        bool Is(string listed) => string.Equals(listed, name, StringComparison.Ordinal);
    }

    private static async Task<bool> IsMergedListedAsync(
        Manifest manifest, Match match, CancellationToken cancellation)
    {
        var level = Number("level");
        var group = Number("group");
        if (level is < 1 or > MergedRecord.MaxLevel || group > int.MaxValue) return false;
        var sought = new MergedRecord(
            match.Groups["disk"].Value, (int)level, (int)group, Number("op"), ShardRanges.Empty);
        IEnumerable<MergedRecord> listed = manifest.Head.Merged;
        if (manifest.PageOf(sought.UpperEdge) is { } reference)
            listed = listed.Concat((await manifest.PageAsync(reference, cancellation)).Merged);
        return listed.Any(m =>
            m.Shards.Contains((int)Number("shard")) && m with { Shards = sought.Shards } == sought);

        long Number(string name) =>
            long.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"\Amachines/[^/]+/disks/(?<disk>[^/]+)/(?<shard>\d{6})/"
        + @"merged-(?<level>\d)-(?<group>\d{8,10})-(?<op>\d{12,18})\.idx\z",
        RegexOptions.None, 1000)]
    private static partial Regex MergedPattern();
}
