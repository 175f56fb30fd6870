using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// Puts the new deltas of an operation in the place of those they were made of. A new delta between
/// two versions stands for all edges above the lower and up to the higher one: it becomes the edge
/// of the higher one. A shard that wrote none keeps its edges.
/// </summary>
internal sealed class EdgeRewriting
{
    private readonly ManifestEdit _edit;
    private readonly OperationRecord _operation;
    private readonly HashSet<int> _expired;
    private readonly Dictionary<(string Disk, int Shard, int Upper), ShardOutcome> _outcomes = [];
    private readonly SortedDictionary<int, VersionRecord> _versions = [];
    private readonly Dictionary<(int Version, string Disk), EdgeTable> _tables = [];
    private readonly List<(string Disk, DeltaKey Key, int Shard)> _gone = [];
    private readonly List<string> _names = [];

    public EdgeRewriting(
        ManifestEdit edit, OperationRecord operation,
        IEnumerable<(string Disk, ShardOutcome Outcome)> outcomes)
    {
        (_edit, _operation, _expired) = (edit, operation, [.. operation.Expires ?? []]);
        foreach (var (disk, outcome) in outcomes)
            if (outcome.Changed) _outcomes[(disk, outcome.Shard, outcome.Version)] = outcome;
    }

    public async Task ApplyAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        _names.AddRange(names);
        foreach (var set in _operation.Creates) await ReplaceAsync(set, cancellation);
        await BeginChainAsync(cancellation);
        var files = new List<VersionFile>();
        foreach (var number in _expired.Order())
        {
            if (await FindAsync(number, cancellation) is not { } version) continue;
            await RequireEmptyAsync(version, cancellation);
            files.AddRange(version.Files ?? []);
            await _edit.RemoveVersionAsync(number, cancellation);
        }
        foreach (var version in _versions.Values)
            if (!_expired.Contains(version.Number)) await SaveAsync(version, cancellation);
        await HideAsync(cancellation);
        await _edit.RetireFilesAsync(_operation.Number, files, cancellation);
        _edit.CloseOperation(_operation.Number);
        _edit.Retire(_operation.Number, Sets(), _names);
    }

    private async Task ReplaceAsync(DeltaSet set, CancellationToken cancellation)
    {
        var (lower, upper) = (Math.Min(set.From, set.To), Math.Max(set.From, set.To));
        var versions = new List<VersionRecord>();
        await foreach (var version in _edit.Before.VersionsAsync(lower + 1, upper, cancellation))
            versions.Add(version);
        var written = ShardRanges.Of(
            set.Shards.Where(s => _outcomes.ContainsKey((set.Disk, s, upper))));
        foreach (var shard in written)
        {
            Hash256? node = null;
            foreach (var version in versions)
            {
                var table = await TableAsync(version, set.Disk, cancellation);
                if (table?.Take(shard) is not { } edge) continue;
                Retire(set.Disk, version.Number, edge);
                node = edge.Node;
            }
            var last = await TableAsync(versions[^1], set.Disk, cancellation);
            last!.Put(new ShardEdge(
                shard, lower, set.Key.IsForward ? set.Operation : 0,
                set.Key.IsForward ? 0 : set.Operation, node!.Value));
            last.MoreBytes += _outcomes[(set.Disk, shard, upper)].ChangedBytes;
        }
        await DropMergedAsync(set.Disk, written, lower, upper, cancellation);
    }

    /// <summary>
    /// Where the oldest versions go, the chain begins at the next one: nothing leads below it, and
    /// its edges only tell the nodes that it has.
    /// </summary>
    private async Task BeginChainAsync(CancellationToken cancellation)
    {
        var oldest = _edit.Before.OldestNumber;
        if (!_expired.Contains(oldest)) return;
        var going = new List<VersionRecord>();
        await foreach (var version in _edit.Before.VersionsAsync(cancellation: cancellation))
        {
            going.Add(version);
            if (!_expired.Contains(version.Number)) break;
        }
        var first = going[^1];
        // From its own edges down: the nearest below knows the newest node of a shard.
        going.Reverse();
        foreach (var disk in first.Disks)
        {
            var target = (await TableAsync(first, disk.Name, cancellation))!;
            var dropped = new SortedSet<int>();
            foreach (var version in going)
            {
                if (await TableAsync(version, disk.Name, cancellation) is not { } table) continue;
                foreach (var edge in table.Edges.Where(e => e.ForwardOperation == 0).ToList())
                {
                    table.Take(edge.Shard);
                    Retire(disk.Name, version.Number, edge);
                    if (!target.Has(edge.Shard))
                        target.Put(edge with { Previous = 0, ReverseOperation = 0 });
                    dropped.Add(edge.Shard);
                }
            }
            await DropMergedAsync(
                disk.Name, ShardRanges.Of(dropped), 0, first.Number, cancellation);
        }
    }

    private async Task HideAsync(CancellationToken cancellation)
    {
        foreach (var number in _operation.Hides ?? [])
        {
            var version = await _edit.FindVersionAsync(number, cancellation);
            if (version is { State: VersionState.Ready })
                await _edit.ReplaceVersionAsync(
                    version with { State = VersionState.Hidden }, cancellation);
        }
    }

    private async Task SaveAsync(VersionRecord version, CancellationToken cancellation)
    {
        var disks = new List<VersionDisk>();
        var isChanged = false;
        foreach (var disk in version.Disks)
        {
            if (!_tables.TryGetValue((version.Number, disk.Name), out var table) || !table.IsChanged)
            {
                disks.Add(disk);
                continue;
            }
            isChanged = true;
            disks.Add(disk with
            {
                Edges = await _edit.SaveTableAsync(table.Edges, cancellation),
                ChangedBytes = disk.ChangedBytes + table.MoreBytes,
            });
        }
        if (isChanged)
            await _edit.ReplaceVersionAsync(version with { Disks = disks }, cancellation);
    }

    /// <summary>No delta of a version that goes may be left without a place in the chain.</summary>
    private async Task RequireEmptyAsync(VersionRecord version, CancellationToken cancellation)
    {
        foreach (var disk in version.Disks)
        {
            var table = await TableAsync(version, disk.Name, cancellation);
            if (table!.Edges is [var left, ..])
                throw new CorruptObjectException(
                    ObjectNames.Head(_edit.Head.Machine),
                    $"no edge of version {version.Number}, which expires",
                    $"{left} of disk '{disk.Name}'");
        }
    }

    /// <summary>Merged indexes that name a delta which is another one now are of no use.</summary>
    private async Task DropMergedAsync(
        string disk, ShardRanges shards, int lower, int upper, CancellationToken cancellation)
    {
        if (shards.IsEmpty) return;
        foreach (var merged in await _edit.Before.MergedOverAsync(lower, upper, cancellation))
        {
            if (!string.Equals(merged.Disk, disk, StringComparison.Ordinal)
                || !merged.Shards.Overlaps(shards)) continue;
            if (await _edit.RemoveMergedAsync(merged, cancellation))
                _names.AddRange(merged.Names(_edit.Head.Machine));
        }
    }

    private void Retire(string disk, int version, in ShardEdge edge)
    {
        if (edge.ForwardOperation != 0)
            _gone.Add((
                disk, new DeltaKey(edge.Previous, version, edge.ForwardOperation), edge.Shard));
        if (edge.ReverseOperation != 0)
            _gone.Add((
                disk, new DeltaKey(version, edge.Previous, edge.ReverseOperation), edge.Shard));
    }

    private List<DeltaSet> Sets() =>
    [
        .. _gone.GroupBy(g => (g.Disk, g.Key)).Select(g => new DeltaSet(
            g.Key.Disk, g.Key.Key.From, g.Key.Key.To, g.Key.Key.Operation,
            ShardRanges.Of(g.Select(x => x.Shard)))),
    ];

    private async ValueTask<VersionRecord?> FindAsync(int number, CancellationToken cancellation) =>
        _versions.TryGetValue(number, out var known)
            ? known
            : await _edit.FindVersionAsync(number, cancellation);

    private async Task<EdgeTable?> TableAsync(
        VersionRecord version, string disk, CancellationToken cancellation)
    {
        _versions.TryAdd(version.Number, version);
        if (_tables.TryGetValue((version.Number, disk), out var known)) return known;
        var found = version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal));
        if (found is null) return null;
        var table = new EdgeTable(await _edit.Before.EdgesAsync(found, cancellation));
        _tables.Add((version.Number, disk), table);
        return table;
    }
}
