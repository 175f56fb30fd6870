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

    /// <summary>The pages that others took the place of.</summary>
    public List<Hash256> Replaced { get; } = [];

    public async Task<ManifestHead> ApplyAsync(
        ManifestHead head, SortedDictionary<int, VersionRecord?> changed,
        HashSet<MergedRecord> mergedOff, CancellationToken cancellation)
    {
        await ChangeVersionsAsync(changed, cancellation);
        foreach (var merged in mergedOff)
        {
            var draft = _drafts.First(d => d.Stored!.Last >= merged.UpperEdge);
            (await OpenAsync(draft, cancellation)).Merged.Remove(merged);
        }
        List<MergedRecord> loose = [.. head.Merged, .. LetGo()];
        await JoinAsync(cancellation);
        var versions = await RollAsync(head.Versions, cancellation);
        if (versions.Count < head.Versions.Count) loose = await PlaceAsync(loose, cancellation);
        return head with
        {
            Versions = versions,
            Merged = loose,
            Pages = await SaveAsync(cancellation),
        };
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

    /// <summary>Takes merged records off pages that no longer reach their upper edge.</summary>
    private List<MergedRecord> LetGo()
    {
        var loose = new List<MergedRecord>();
        foreach (var draft in _drafts.Where(d => d.IsOpen))
        {
            var last = draft.Versions.Count == 0 ? 0 : draft.Versions[^1].Number;
            loose.AddRange(draft.Merged.Where(m => m.UpperEdge > last));
            draft.Merged.RemoveAll(m => m.UpperEdge > last);
        }
        foreach (var empty in _drafts.Where(d => d is { IsOpen: true, Versions.Count: 0 }).ToList())
        {
            Replaced.Add(empty.Stored!.Hash);
            _drafts.Remove(empty);
        }
        return loose;
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

    /// <summary>Puts merged records on the first page that reaches their upper edge.</summary>
    private async Task<List<MergedRecord>> PlaceAsync(
        List<MergedRecord> loose, CancellationToken cancellation)
    {
        var stay = new List<MergedRecord>();
        foreach (var merged in loose)
        {
            if (_drafts.Find(d => d.Last >= merged.UpperEdge) is { } draft)
                (await OpenAsync(draft, cancellation)).Merged.Add(merged);
            else
                stay.Add(merged);
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
            });
            var hash = Hash256.Of(bytes);
            await ShardTables.PutOnceAsync(
                store, ObjectNames.VersionPage(before.Machine, hash), bytes, cancellation);
            if (draft.Stored is { } stored) Replaced.Add(stored.Hash);
            pages.Add(new VersionPageReference(
                draft.Versions[0].Number, draft.Versions[^1].Number, draft.Versions.Count, hash));
        }
        return pages;
    }

    private async Task<PageDraft> OpenAsync(PageDraft draft, CancellationToken cancellation)
    {
        if (draft.IsOpen) return draft;
        var page = await before.PageAsync(draft.Stored!, cancellation);
        foreach (var version in page.Versions) draft.Add(version);
        draft.Merged.AddRange(page.Merged);
        draft.IsOpen = true;
        return draft;
    }

    private sealed class PageDraft
    {
        public VersionPageReference? Stored { get; init; }

        public bool IsOpen { get; set; }

        public List<VersionRecord> Versions { get; } = [];

        public List<MergedRecord> Merged { get; } = [];

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
