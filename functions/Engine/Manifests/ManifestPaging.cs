using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Rewrites the pages that a change touches, and moves the head's older half to pages when the
/// head has grown to twice its share. Only touched pages are read and written.
/// </summary>
internal sealed class ManifestPaging(Manifest before, IObjectStore store, ManifestOptions options)
{
    // A page of wide versions ends earlier, so that it stays far below what a Put may carry.
    private const long PageWeightBytes = 8L << 20;

    private readonly List<PageDraft> _drafts =
        [.. before.Head.Pages.Select(p => new PageDraft { Stored = p })];

    private readonly List<PackRecord> _moved = [];

    /// <summary>The pages that others took the place of.</summary>
    public List<Hash256> Replaced { get; } = [];

    public async Task<ManifestHead> ApplyAsync(
        ManifestHead head, PagedChanges changes, CancellationToken cancellation)
    {
        foreach (var merged in changes.MergedOff)
        {
            var draft = _drafts.First(d => d.Stored!.Last >= merged.UpperEdge);
            (await OpenAsync(draft, cancellation)).Merged.Remove(merged);
        }
        await ChangePacksAsync(changes.Packs, cancellation);
        await ChangeVersionsAsync(changes.Versions, cancellation);
        List<MergedRecord> loose = [.. head.Merged];
        List<PackRecord> packs = [.. head.Packs ?? []];
        LetGo(loose, packs);
        await JoinAsync(cancellation);
        var versions = await RollAsync(head.Versions, cancellation);
        if (versions.Count < head.Versions.Count)
            loose = await PlaceAsync(loose, m => m.UpperEdge, d => d.Merged, cancellation);
        // A pack that was just written may be of versions that are long on a page.
        packs = await PlaceAsync(packs, p => p.UpperEdge, d => d.Packs, cancellation);
        return head with
        {
            Versions = versions,
            Merged = loose,
            Packs = packs.Count == 0 ? null : packs,
            Pages = await SaveAsync(cancellation),
        };
    }

    private async Task ChangePacksAsync(
        Dictionary<(long Operation, int Number), PackRecord?> changed,
        CancellationToken cancellation)
    {
        foreach (var ((operation, number), pack) in changed)
        {
            foreach (var draft in _drafts.Where(d => d.Stored!.MayListPack(operation)))
            {
                var packs = (await OpenAsync(draft, cancellation)).Packs;
                var at = packs.FindIndex(p => p.Operation == operation && p.Number == number);
                if (at < 0) continue;
                // Fewer members can end lower, on an earlier page: it is placed anew.
                packs.RemoveAt(at);
                if (pack is not null) _moved.Add(pack);
                break;
            }
        }
    }

    private async Task ChangeVersionsAsync(
        SortedDictionary<int, VersionRecord?> changed, CancellationToken cancellation)
    {
        foreach (var (number, version) in changed)
        {
            var draft = _drafts.First(d => d.Stored!.Last >= number);
            var versions = (await OpenAsync(draft, cancellation)).Versions;
            var at = versions.FindIndex(v => v.Number == number);
            if (version is null) versions.RemoveAt(at);
            else versions[at] = version;
        }
    }

    /// <summary>Takes records off pages that no longer reach their upper edge.</summary>
    private void LetGo(List<MergedRecord> loose, List<PackRecord> packs)
    {
        packs.AddRange(_moved);
        foreach (var draft in _drafts.Where(d => d.IsOpen))
        {
            var last = draft.Versions.Count == 0 ? 0 : draft.Versions[^1].Number;
            loose.AddRange(draft.Merged.Where(m => m.UpperEdge > last));
            draft.Merged.RemoveAll(m => m.UpperEdge > last);
            packs.AddRange(draft.Packs.Where(p => p.UpperEdge > last));
            draft.Packs.RemoveAll(p => p.UpperEdge > last);
        }
        foreach (var empty in _drafts.Where(d => d is { IsOpen: true, Versions.Count: 0 }).ToList())
        {
            Replaced.Add(empty.Stored!.Hash);
            _drafts.Remove(empty);
        }
    }

    /// <summary>
    /// Joins a page that is written anew and has become small with its neighbour: thinned out
    /// versions come to lie on few pages, and a page is read and written once for each joining.
    /// </summary>
    private async Task JoinAsync(CancellationToken cancellation)
    {
        for (var i = 0; i + 1 < _drafts.Count; i++)
        {
            var (one, next) = (_drafts[i], _drafts[i + 1]);
            var isSmall = (one.IsOpen && one.Count <= options.PageVersions / 2)
                || (next.IsOpen && next.Count <= options.PageVersions / 2);
            if (!isSmall || one.Count + next.Count > options.PageVersions) continue;
            await OpenAsync(one, cancellation);
            await OpenAsync(next, cancellation);
            if (one.WeightBytes + next.WeightBytes > PageWeightBytes) continue;
            foreach (var version in next.Versions) one.Add(version);
            one.Merged.AddRange(next.Merged);
            one.Packs.AddRange(next.Packs);
            if (next.Stored is { } stored) Replaced.Add(stored.Hash);
            _drafts.RemoveAt(i + 1);
            i--;
        }
    }

    private async Task<IReadOnlyList<VersionRecord>> RollAsync(
        IReadOnlyList<VersionRecord> versions, CancellationToken cancellation)
    {
        var rolled = 0;
        while (versions.Count - rolled >= 2 * options.HeadVersions)
        {
            for (var end = rolled + options.HeadVersions; rolled < end; rolled++)
                await AppendAsync(versions[rolled], cancellation);
        }
        return rolled == 0 ? versions : [.. versions.Skip(rolled)];
    }

    private async Task AppendAsync(VersionRecord version, CancellationToken cancellation)
    {
        if (_drafts is [.., var last] && last.Count < options.PageVersions)
        {
            await OpenAsync(last, cancellation);
            if (last.WeightBytes < PageWeightBytes)
            {
                last.Add(version);
                return;
            }
        }
        var draft = new PageDraft { IsOpen = true };
        draft.Add(version);
        _drafts.Add(draft);
    }

    /// <summary>Puts records on the first page that reaches their upper edge.</summary>
    private async Task<List<T>> PlaceAsync<T>(
        List<T> loose, Func<T, long> upperEdge, Func<PageDraft, List<T>> listOf,
        CancellationToken cancellation)
    {
        var stay = new List<T>();
        foreach (var record in loose)
        {
            if (_drafts.Find(d => d.Last >= upperEdge(record)) is { } draft)
                listOf(await OpenAsync(draft, cancellation)).Add(record);
            else
                stay.Add(record);
        }
        return stay;
    }

    private async Task<IReadOnlyList<VersionPageReference>> SaveAsync(
        CancellationToken cancellation)
    {
        var pages = new List<VersionPageReference>();
        foreach (var draft in _drafts)
        {
            if (!draft.IsOpen)
            {
                pages.Add(draft.Stored!);
                continue;
            }
            var bytes = ManifestCodec.Write(new VersionPage
            {
                Machine = before.Machine,
                Revision = before.Head.Revision + 1,
                Versions = draft.Versions,
                Merged = draft.Merged,
                Packs = draft.Packs.Count == 0 ? null : draft.Packs,
            });
            var hash = Hash256.Of(bytes);
            await ShardTables.PutOnceAsync(
                store, ObjectNames.VersionPage(before.Machine, hash), bytes, cancellation);
            if (draft.Stored is { } stored) Replaced.Add(stored.Hash);
            pages.Add(new VersionPageReference(
                draft.Versions[0].Number, draft.Versions[^1].Number, draft.Versions.Count, hash)
            {
                PacksFrom = draft.Packs.Count == 0 ? 0 : draft.Packs.Min(p => p.Operation),
                PacksTo = draft.Packs.Count == 0 ? 0 : draft.Packs.Max(p => p.Operation),
            });
        }
        return pages;
    }

    private async Task<PageDraft> OpenAsync(PageDraft draft, CancellationToken cancellation)
    {
        if (draft.IsOpen) return draft;
        var page = await before.PageAsync(draft.Stored!, cancellation);
        foreach (var version in page.Versions) draft.Add(version);
        draft.Merged.AddRange(page.Merged);
        draft.Packs.AddRange(page.Packs ?? []);
        draft.IsOpen = true;
        return draft;
    }

    private sealed class PageDraft
    {
        public VersionPageReference? Stored { get; init; }

        public bool IsOpen { get; set; }

        public List<VersionRecord> Versions { get; } = [];

        public List<MergedRecord> Merged { get; } = [];

        public List<PackRecord> Packs { get; } = [];

        public long WeightBytes { get; private set; }

        public int Count => IsOpen ? Versions.Count : Stored!.Count;

        public int Last => IsOpen ? Versions[^1].Number : Stored!.Last;

        public void Add(VersionRecord version)
        {
            Versions.Add(version);
            WeightBytes += 512 + version.Disks.Sum(d => 512L + (d.Edges.Inline?.Length ?? 0))
                + (256L * (version.Files?.Count ?? 0));
        }
    }
}
