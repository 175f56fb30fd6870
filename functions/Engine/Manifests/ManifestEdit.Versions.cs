using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>Versions and merged indexes, wherever they lie.</content>
public sealed partial class ManifestEdit
{
    // What replaces a version that lies on a page; null: it is taken out.
    private readonly SortedDictionary<int, VersionRecord?> _onPages = [];
    private readonly HashSet<MergedRecord> _mergedOffPages = [];
    private readonly HashSet<int> _touched = [];
    private readonly HashSet<Hash256> _tablesOut = [];
    private readonly HashSet<Hash256> _tablesIn = [];
    private readonly List<RetiredRecord> _retired = [];

    private bool ChangesPages =>
        _onPages.Count > 0 || _mergedOffPages.Count > 0 || _packsOnPages.Count > 0;

    /// <summary>Takes the next version's number; never given again once the change is written.</summary>
    public int ReserveVersion()
    {
        var number = Head.NextVersion;
        Head = Head with { NextVersion = checked(number + 1) };
        return number;
    }

    /// <summary>One version as changed so far, or null.</summary>
    public async ValueTask<VersionRecord?> FindVersionAsync(
        int number, CancellationToken cancellation = default)
    {
        if (_onPages.TryGetValue(number, out var pending)) return pending;
        return Before.PageOf(number) is null
            ? Manifest.Find(Head.Versions, number)
            : await Before.FindVersionAsync(number, cancellation);
    }

    /// <summary>Lists a version whose number was reserved and lies above all that are listed.</summary>
    public void AddVersion(VersionRecord version)
    {
        var newest = Head switch
        {
            { Versions: [.., var last] } => last.Number,
            { Pages: [.., var last] } => last.Last,
            _ => 0,
        };
        if (version.Number <= newest || version.Number >= Head.NextVersion)
        {
            throw new ArgumentException(
                $"Version {version.Number} is not above {newest} and below {Head.NextVersion}.",
                nameof(version));
        }
        Touch(null, version);
        Head = Head with { Versions = [.. Head.Versions, version] };
    }

    /// <summary>Replaces a version's record; its page is written anew when it lies on one.</summary>
    /// <exception cref="NoSuchException">It is not listed.</exception>
    public async ValueTask ReplaceVersionAsync(
        VersionRecord version, CancellationToken cancellation = default)
    {
        var old = await ListedAsync(version.Number, cancellation);
        Touch(old, version);
        if (Before.PageOf(version.Number) is not null)
        {
            _onPages[version.Number] = version;
            return;
        }
        Head = Head with
        {
            Versions = [.. Head.Versions.Select(v => v.Number == version.Number ? version : v)],
        };
    }

    /// <summary>Takes a version out of the lists. Its deltas are retired by the caller.</summary>
    /// <exception cref="NoSuchException">It is not listed.</exception>
    public async ValueTask RemoveVersionAsync(int number, CancellationToken cancellation = default)
    {
        Touch(await ListedAsync(number, cancellation), null);
        if (Before.PageOf(number) is not null) _onPages[number] = null;
        else Head = Head with { Versions = [.. Head.Versions.Where(v => v.Number != number)] };
    }

    /// <summary>Lists merged indexes.</summary>
    public void AddMerged(MergedRecord merged) =>
        Head = Head with { Merged = [.. Head.Merged, merged] };

    /// <summary>
    /// Takes merged indexes out of the lists; false when they were not there. Their objects are
    /// retired by the caller.
    /// </summary>
    public async ValueTask<bool> RemoveMergedAsync(
        MergedRecord merged, CancellationToken cancellation = default)
    {
        if (Head.Merged.Contains(merged))
        {
            Head = Head with { Merged = [.. Head.Merged.Where(m => m != merged)] };
            return true;
        }
        if (Before.PageOf(merged.UpperEdge) is not { } reference) return false;
        var page = await Before.PageAsync(reference, cancellation);
        return page.Merged.Contains(merged) && _mergedOffPages.Add(merged);
    }

    private async ValueTask<VersionRecord> ListedAsync(int number, CancellationToken cancellation) =>
        await FindVersionAsync(number, cancellation) ?? throw new NoSuchException(
            $"version {number} of '{Head.Machine}'", "List its versions to see which there are.");

    private void Touch(VersionRecord? old, VersionRecord? replacement)
    {
        _touched.Add((old ?? replacement!).Number);
        ReplaceTables(
            old?.Disks.Select(d => d.Edges) ?? [], replacement?.Disks.Select(d => d.Edges) ?? []);
    }

    private void ReplaceTables(IEnumerable<TableReference> old, IEnumerable<TableReference> current)
    {
        foreach (var table in old)
        {
            if (table.Object is { } hash) _tablesOut.Add(hash);
        }
        foreach (var table in current)
        {
            if (table.Object is { } hash) _tablesIn.Add(hash);
        }
    }
}
