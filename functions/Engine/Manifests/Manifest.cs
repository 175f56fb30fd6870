using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// The manifest of a machine as it stood when its head was read; older versions are read from
/// their pages when asked for. A page or table that is gone (<see cref="ObjectNotFoundException"/>)
/// means that this state is older than the grace period: load the manifest again.
/// </summary>
public sealed class Manifest
{
    private readonly ManifestReader _reader;

    internal Manifest(ManifestHead head, string etag, ManifestReader reader) =>
        (Head, ETag, _reader) = (head, etag, reader);

    /// <summary>The head.</summary>
    public ManifestHead Head { get; }

    /// <summary>The head's ETag.</summary>
    public string ETag { get; }

    /// <summary>The machine's name.</summary>
    public string Machine => Head.Machine;

    /// <summary>The newest version's number, whatever its state; 0 when there is none.</summary>
    public int NewestNumber => Head switch
    {
        { Versions: [.., var newest] } => newest.Number,
        { Pages: [.., var newest] } => newest.Last,
        _ => 0,
    };

    /// <summary>One version, or null when it is not listed (any more).</summary>
    public async ValueTask<VersionRecord?> FindVersionAsync(
        int number, CancellationToken cancellation = default)
    {
        if (PageOf(number) is not { } reference) return Find(Head.Versions, number);
        if (number < reference.First) return null;
        var page = await _reader.PageAsync(Machine, reference, cancellation);
        return Find(page.Versions, number);
    }

    /// <summary>The versions from one number to another, both among them, ascending.</summary>
    public async IAsyncEnumerable<VersionRecord> VersionsAsync(
        int from = 1, int to = int.MaxValue,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var reference in Head.Pages)
        {
            if (reference.Last < from || reference.First > to) continue;
            var page = await _reader.PageAsync(Machine, reference, cancellation);
            foreach (var version in page.Versions)
            {
                if (version.Number >= from && version.Number <= to) yield return version;
            }
        }
        foreach (var version in Head.Versions)
        {
            if (version.Number >= from && version.Number <= to) yield return version;
        }
    }

    /// <summary>
    /// The versions from one number to another, both among them, descending: who stops early reads
    /// only the newest pages.
    /// </summary>
    public async IAsyncEnumerable<VersionRecord> VersionsDescendingAsync(
        int from = 1, int to = int.MaxValue,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var i = Head.Versions.Count - 1; i >= 0; i--)
        {
            var version = Head.Versions[i];
            if (version.Number >= from && version.Number <= to) yield return version;
        }
        for (var i = Head.Pages.Count - 1; i >= 0; i--)
        {
            var reference = Head.Pages[i];
            if (reference.Last < from || reference.First > to) continue;
            var page = await _reader.PageAsync(Machine, reference, cancellation);
            for (var v = page.Versions.Count - 1; v >= 0; v--)
            {
                var version = page.Versions[v];
                if (version.Number >= from && version.Number <= to) yield return version;
            }
        }
    }

    /// <summary>The edges of one disk of a version, sorted by shard.</summary>
    public Task<IReadOnlyList<ShardEdge>> EdgesAsync(
        VersionDisk disk, CancellationToken cancellation = default) =>
        _reader.EdgesAsync(Machine, disk.Edges, cancellation);

    /// <summary>The nodes of a disk at the newest version, sorted by shard.</summary>
    public Task<IReadOnlyList<ShardNode>> NodesAsync(
        DiskRecord disk, CancellationToken cancellation = default) =>
        _reader.NodesAsync(Machine, disk.Nodes, cancellation);

    /// <summary>
    /// The edges of one shard in the versions above one and up to another, ascending; versions
    /// that did not change the shard have none.
    /// </summary>
    public async Task<IReadOnlyList<(VersionRecord Version, ShardEdge Edge)>> EdgesOfShardAsync(
        string disk, int shard, int aboveVersion, int upToVersion,
        CancellationToken cancellation = default)
    {
        var edges = new List<(VersionRecord, ShardEdge)>();
        if (upToVersion <= aboveVersion) return edges;
        var versions = VersionsAsync(aboveVersion + 1, upToVersion, cancellation);
        await foreach (var version in versions)
        {
            if (await FindEdgeAsync(version, disk, shard, cancellation) is { } edge)
                edges.Add((version, edge));
        }
        return edges;
    }

    /// <summary>The edge of one shard in a version, or null when it did not change the shard.</summary>
    public ValueTask<ShardEdge?> FindEdgeAsync(
        VersionRecord version, string disk, int shard, CancellationToken cancellation = default)
    {
        foreach (var candidate in version.Disks)
        {
            if (string.Equals(candidate.Name, disk, StringComparison.Ordinal))
                return _reader.EdgeAsync(Machine, candidate.Edges, shard, cancellation);
        }
        return ValueTask.FromResult<ShardEdge?>(null);
    }

    /// <summary>
    /// The merged indexes of one shard that lie wholly among the edges above one version and up to
    /// another, by level and group.
    /// </summary>
    public async Task<IReadOnlyList<MergedRecord>> MergedAsync(
        string disk, int shard, int aboveVersion, int upToVersion,
        CancellationToken cancellation = default)
    {
        var found = new List<MergedRecord>(Head.Merged);
        var below = 0;
        foreach (var reference in Head.Pages)
        {
            // A record lies on the first page that reaches its upper edge.
            if (reference.Last > aboveVersion && below < upToVersion)
                found.AddRange((await _reader.PageAsync(Machine, reference, cancellation)).Merged);
            below = reference.Last;
        }
        return [.. found
            .Where(m => m.LowerEdge >= aboveVersion && m.UpperEdge <= upToVersion
                && string.Equals(m.Disk, disk, StringComparison.Ordinal) && m.Shards.Contains(shard))
            .OrderBy(m => m.Level).ThenBy(m => m.Group).ThenBy(m => m.Operation)];
    }

    /// <summary>Every merged index that reaches a version or goes beyond it.</summary>
    public async Task<IReadOnlyList<MergedRecord>> AllMergedAsync(
        int reachingVersion, CancellationToken cancellation = default)
    {
        var found = new List<MergedRecord>(Head.Merged);
        foreach (var reference in Head.Pages)
            if (reference.Last >= reachingVersion)
                found.AddRange((await _reader.PageAsync(Machine, reference, cancellation)).Merged);
        return [.. found.Where(m => m.UpperEdge >= reachingVersion)];
    }

    /// <summary>The packs that an operation wrote and that are still listed.</summary>
    public async Task<IReadOnlyList<PackRecord>> PacksAsync(
        long operation, CancellationToken cancellation = default) =>
    [
        .. (Head.Packs ?? []).Where(p => p.Operation == operation),
        .. await PagedPacksAsync(operation, cancellation),
    ];

    /// <summary>The packs of an operation that pages list; mostly no page is read.</summary>
    internal async Task<IReadOnlyList<PackRecord>> PagedPacksAsync(
        long operation, CancellationToken cancellation)
    {
        List<PackRecord>? found = null;
        foreach (var reference in Head.Pages)
        {
            if (!reference.MayListPack(operation)) continue;
            var page = await _reader.PageAsync(Machine, reference, cancellation);
            foreach (var pack in page.Packs ?? [])
                if (pack.Operation == operation) (found ??= []).Add(pack);
        }
        return found ?? [];
    }

    /// <summary>The pack that holds a delta's data; null: it has an object of its own.</summary>
    public async Task<PackRecord?> PackOfAsync(
        ShardKey shard, DeltaKey delta, CancellationToken cancellation = default)
    {
        if (delta.IsForward) return null;
        var packs = await PacksAsync(delta.Operation, cancellation);
        return packs.FirstOrDefault(p => p.Holds(shard.Disk, shard.Shard, delta));
    }

    /// <summary>Every pack that is listed, those of pages first.</summary>
    public async IAsyncEnumerable<PackRecord> AllPacksAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var reference in Head.Pages)
        {
            if (reference.PacksFrom == 0) continue;
            var page = await _reader.PageAsync(Machine, reference, cancellation);
            foreach (var pack in page.Packs ?? []) yield return pack;
        }
        foreach (var pack in Head.Packs ?? []) yield return pack;
    }

    /// <summary>
    /// The merged indexes over any edge above one version and up to another. Reads only pages that
    /// such a group can end on.
    /// </summary>
    public async Task<IReadOnlyList<MergedRecord>> MergedOverAsync(
        int aboveVersion, int upToVersion, CancellationToken cancellation = default)
    {
        var pages = new HashSet<VersionPageReference>();
        var below = 0;
        foreach (var reference in Head.Pages)
        {
            if (reference.Last > aboveVersion && below < upToVersion) pages.Add(reference);
            below = reference.Last;
        }
        for (var level = 1; level <= MergedRecord.MaxLevel; level++)
        {
            var upper = ((((long)upToVersion - 1) >> (4 * level)) + 1) << (4 * level);
            if (PageOf(upper) is { } reference) pages.Add(reference);
        }
        var found = new List<MergedRecord>(Head.Merged);
        foreach (var reference in pages)
            found.AddRange((await _reader.PageAsync(Machine, reference, cancellation)).Merged);
        return [.. found.Where(m => m.UpperEdge > aboveVersion && m.LowerEdge < upToVersion)];
    }

    /// <summary>The lowest number that is listed; 0 when there is no version.</summary>
    public int OldestNumber => Head switch
    {
        { Pages: [var oldest, ..] } => oldest.First,
        { Versions: [var oldest, ..] } => oldest.Number,
        _ => 0,
    };

    /// <summary>The newest version that can be restored; 0 when there is none.</summary>
    public async ValueTask<int> NewestReadyAsync(CancellationToken cancellation = default)
    {
        await foreach (var version in VersionsDescendingAsync(cancellation: cancellation))
            if (version.State == VersionState.Ready) return version.Number;
        return 0;
    }

    /// <summary>The next listed version above a number, or null.</summary>
    public async ValueTask<VersionRecord?> NextAboveAsync(
        int number, CancellationToken cancellation = default)
    {
        await foreach (var version in VersionsAsync(number + 1, cancellation: cancellation))
            return version;
        return null;
    }

    /// <summary>The next listed version below a number, or null.</summary>
    public async ValueTask<VersionRecord?> NextBelowAsync(
        int number, CancellationToken cancellation = default)
    {
        await foreach (var version in VersionsDescendingAsync(
            to: number - 1, cancellation: cancellation)) return version;
        return null;
    }

    /// <summary>Reads one page.</summary>
    internal Task<VersionPage> PageAsync(
        VersionPageReference reference, CancellationToken cancellation) =>
        _reader.PageAsync(Machine, reference, cancellation);

    /// <summary>The first page that reaches a number; null when none does.</summary>
    internal VersionPageReference? PageOf(long number)
    {
        var (low, high) = (0, Head.Pages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Head.Pages[middle].Last < number) low = middle + 1;
            else high = middle;
        }
        return low < Head.Pages.Count ? Head.Pages[low] : null;
    }

    internal static VersionRecord? Find(IReadOnlyList<VersionRecord> versions, int number)
    {
        var (low, high) = (0, versions.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (versions[middle].Number == number) return versions[middle];
            if (versions[middle].Number < number) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }
}
