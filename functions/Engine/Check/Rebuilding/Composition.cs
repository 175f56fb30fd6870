using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>Derives versions from the objects of a machine and, where one survives, a copy of its head.</summary>
internal sealed partial class Composition
{
    private const string UnknownFormat = "unknown";

    private readonly Inventory _inventory;
    private readonly SurvivingCopy? _copy;
    private readonly FoundOrigin? _origin;
    private readonly Dictionary<int, VersionRecord> _known;
    private readonly HashSet<int> _dead;
    private readonly SortedDictionary<int, VersionCard> _cards = [];

    public Composition(Inventory inventory, SurvivingCopy? copy, FoundOrigin? origin)
    {
        _inventory = inventory;
        _copy = copy;
        _origin = origin;
        _known = copy?.Versions.ToDictionary(v => v.Number) ?? [];
        // Any operation issued since the copy tells that those under way then have ended.
        Operations = copy is not null && inventory.MaxOperation < copy.Head.NextOperation
            ? copy.Head.Operations : [];
        _dead = Dead();
        foreach (var shard in inventory.Shards.Values)
            shard.Walk(_dead, Preferred(shard), Expected(shard));
        if (origin?.First is { } first && IsStill(first.Number, origin))
            _known.TryAdd(first.Number, first);
        Numbers = NumbersOf();
        FindCards();
    }

    /// <summary>The operations that stay listed.</summary>
    public IReadOnlyList<OperationRecord> Operations { get; }

    /// <summary>The versions that can be derived, ascending.</summary>
    public IReadOnlyList<int> Numbers { get; }

    private List<string> Notes => _inventory.Notes;

    /// <summary>The disks of a version with their sizes.</summary>
    public SortedDictionary<string, long> DisksAt(int version)
    {
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (_known.TryGetValue(version, out var known))
        {
            foreach (var disk in known.Disks) sizes[disk.Name] = disk.SizeBytes;
            return sizes;
        }
        foreach (var disk in _inventory.Shards.Keys.Select(k => k.Disk).Distinct(StringComparer.Ordinal))
        {
            if (SizeAt(disk, version) is > 0 and var size) sizes[disk] = size;
        }
        return sizes;
    }

    /// <summary>The nodes of a disk's shards at a version; those that are all zero are left out.</summary>
    public List<ShardNode> NodesAt(string disk, int version) =>
    [
        .. ShardsOf(disk).Select(s => new ShardNode(s.Key.Shard, s.NodeAt(version)))
            .Where(n => !n.Node.IsZero),
    ];

    /// <summary>A version's record but for its tables, which the caller saves.</summary>
    public VersionRecord Record(int version, Func<string, TableReference> tableOf)
    {
        var disks = new List<VersionDisk>();
        _known.TryGetValue(version, out var known);
        foreach (var (disk, size) in DisksAt(version))
        {
            var node = Fingerprints.Disk(
                NodesAt(disk, version).Select(n => KeyValuePair.Create(n.Shard, n.Node)));
            var old = known?.Disks.FirstOrDefault(
                d => string.Equals(d.Name, disk, StringComparison.Ordinal));
            if (old is not null && old.Node != node)
                Notes.Add($"Version {version}: disk {disk} is {node} now; it was {old.Node}.");
            disks.Add(new VersionDisk
            {
                Name = disk,
                SizeBytes = size,
                Node = node,
                Format = old?.Format ?? UnknownFormat,
                Source = old?.Source,
                ParentHint = old?.ParentHint,
                ImageId = old?.ImageId,
                ChangedBytes = old?.ChangedBytes ?? ShardsOf(disk).Sum(
                    s => s.Edges.TryGetValue(version, out var e) ? e.Delta?.ChangedBytes ?? 0 : 0),
                Edges = tableOf(disk),
            });
        }
        var fingerprint = Fingerprints.Version(
            disks.Select(d => KeyValuePair.Create(d.Name, d.Node)));
        if (known is not null)
            return known with
            {
                Disks = disks, Fingerprint = fingerprint, Files = FilesOf(known),
            };
        if (HasFileOf(version))
            Notes.Add(
                $"Version {version}: its machine files are lost; no copy of the manifest says what "
                + "they are called.");
        var card = _cards.GetValueOrDefault(version);
        if (card is null)
            Notes.Add($"Version {version}: time and label are lost; it changed nothing that is kept.");
        card ??= new VersionCard(_cards.LastOrDefault(c => c.Key < version).Value?.Time
            ?? DateTimeOffset.UnixEpoch);
        var operations = ShardsOf(null).Select(s => s.Edges.TryGetValue(version, out var e)
            ? Math.Max(e.Edge.ForwardOperation, e.Edge.ReverseOperation) : 0);
        return new VersionRecord
        {
            Number = version,
            State = VersionState.Ready,
            Time = card.Time,
            Label = card.Label,
            Snapshot = card.Snapshot,
            Parent = card.Parent,
            Operation = Math.Max(1, operations.DefaultIfEmpty(1).Max()),
            Fingerprint = fingerprint,
            Disks = disks,
        };
    }

    /// <summary>The edges of a disk at a version.</summary>
    public List<ShardEdge> EdgesAt(string disk, int version)
    {
        var edges = new SortedDictionary<int, ShardEdge>();
        var old = _copy?.Edges.GetValueOrDefault((version, disk));
        foreach (var shard in ShardsOf(disk))
        {
            var before = old?.Where(e => e.Shard == shard.Key.Shard).Cast<ShardEdge?>()
                .FirstOrDefault();
            if (shard.Edges.TryGetValue(version, out var found))
                edges[shard.Key.Shard] = IsUnderWay(found.Edge) && before is { } listed
                    ? listed : found.Edge;
            else if (before is { Previous: 0 } first)
                edges[shard.Key.Shard] = first with { ForwardOperation = 0, ReverseOperation = 0 };
            else if (version == Numbers[0] && shard.NodeAt(version) is { IsZero: false } node)
                edges[shard.Key.Shard] = new ShardEdge(shard.Key.Shard, 0, 0, 0, node);
        }
        return [.. edges.Values];
    }

    /// <summary>
    /// Whether the version that a clone began with is still there: of one that has expired since
    /// the clone changed, no delta leads back to it.
    /// </summary>
    private bool IsStill(int version, FoundOrigin origin) => !_dead.Contains(version)
        && origin.Nodes.All(n => _inventory.Shards[n.Key].NodeAt(version) == n.Value)
        && ShardsOf(null).All(s => s.NodeAt(version).IsZero
            || origin.Nodes.ContainsKey((s.Key.Disk, s.Key.Shard)));

    /// <summary>Those of a version's machine files that lie in storage.</summary>
    private List<VersionFile>? FilesOf(VersionRecord known)
    {
        if (known.Files is not { } files) return null;
        var kept = new List<VersionFile>();
        foreach (var file in files)
        {
            if (_inventory.FileNames.Contains(file.ObjectName(_inventory.Machine))) kept.Add(file);
            else Notes.Add($"Version {known.Number}: its machine file {file.Name} is missing.");
        }
        return kept.Count == 0 ? null : kept;
    }

    /// <summary>Whether an ingest has kept machine files for a version.</summary>
    private bool HasFileOf(int version) => _inventory.FileNames.Any(
        n => FileListing.OfName(n) is { } file && file.Version == version);

    /// <summary>An operation under way lists its deltas itself when it closes.</summary>
    private bool IsUnderWay(ShardEdge edge) => Operations.Any(o =>
        o.Number == edge.ForwardOperation || o.Number == edge.ReverseOperation);

    private IEnumerable<FoundShard> ShardsOf(string? disk) => _inventory.Shards.Values.Where(
        s => disk is null || string.Equals(s.Key.Disk, disk, StringComparison.Ordinal));

    /// <summary>
    /// Numbers that are no version: a delta that steps over a number was stored when there was no
    /// such version (any more), and numbers never come back.
    /// </summary>
    private HashSet<int> Dead()
    {
        var dead = new HashSet<int>();
        foreach (var delta in _inventory.Shards.Values.SelectMany(s => s.Deltas))
            for (var n = delta.Low + 1; n < delta.Key.Edge; n++) dead.Add(n);
        if (_copy is null) return dead;
        foreach (var operation in Operations)
            if (operation.Version != 0 && !_known.ContainsKey(operation.Version))
                dead.Add(operation.Version);
        // What the copy knew to be gone stays gone.
        for (var n = 1; n < _copy.Head.NextVersion; n++)
            if (!_known.ContainsKey(n) && _copy.Versions.Count > 0 && n < _copy.Versions[^1].Number)
                dead.Add(n);
        return dead;
    }

    private HashSet<DeltaKey> Preferred(FoundShard shard)
    {
        var keys = new HashSet<DeltaKey>();
        foreach (var (version, edge) in EdgesOf(shard))
        {
            keys.Add(new DeltaKey(edge.Previous, version, edge.ForwardOperation));
            keys.Add(new DeltaKey(version, edge.Previous, edge.ReverseOperation));
        }
        return keys;
    }

    private List<int> Expected(FoundShard shard) =>
        [.. EdgesOf(shard).Where(e => e.Edge.Previous > 0).Select(e => e.Version)];

    private IEnumerable<(int Version, ShardEdge Edge)> EdgesOf(FoundShard shard)
    {
        if (_copy is null) yield break;
        foreach (var ((version, disk), edges) in _copy.Edges)
        {
            if (!string.Equals(disk, shard.Key.Disk, StringComparison.Ordinal)) continue;
            foreach (var edge in edges)
                if (edge.Shard == shard.Key.Shard) yield return (version, edge);
        }
    }

    private List<int> NumbersOf()
    {
        var numbers = new SortedSet<int>(_known.Keys);
        foreach (var delta in _inventory.Shards.Values.SelectMany(s => s.Deltas))
            numbers.UnionWith([delta.Low, delta.Key.Edge]);
        // A base that has not changed since a version older than all deltas lead to says nothing:
        // that version may have expired, and then no other shard has its bytes any more.
        var oldest = numbers.Count > 0 ? numbers.Min : 0;
        foreach (var shard in _inventory.Shards.Values)
        {
            var version = shard.Footer?.Version ?? 0;
            if (version >= oldest) numbers.Add(version);
            else if (!_known.ContainsKey(version)) Doubtful(version);
        }
        numbers.Remove(0);
        numbers.ExceptWith(_dead);
        var kept = new List<int>();
        foreach (var number in numbers)
        {
            var broken = _inventory.Shards.Values.FirstOrDefault(
                s => number >= s.BrokenFrom || number < s.BrokenBelow);
            if (broken is null) kept.Add(number);
            else Notes.Add($"Version {number} is lost: a delta of {broken.Key} is missing.");
        }
        var last = _copy is { Versions: [.., var newest] } ? newest.Number
            : _origin?.First?.Number ?? 0;
        if (kept.Count > 0 && kept[^1] > last)
            Notes.Add(
                $"Version {kept[^1]}: nothing in storage says whether its ingestion was complete.");
        return kept;
    }
}
