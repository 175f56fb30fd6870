using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Reads all pages and tables of a manifest and proves what they say of each other.</summary>
internal sealed class ManifestCheck(IObjectStore baseStore, Manifest manifest, Findings findings)
{
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly HashSet<(string Disk, int Shard, DeltaKey Key)> _deltas = [];
    private readonly List<MergedRecord> _merged = [.. manifest.Head.Merged];
    private readonly List<PackRecord> _packs = [.. manifest.Head.Packs ?? []];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private VersionRecord? _newest;
    private VersionRecord? _newestReady;

    private string Machine => manifest.Machine;

    /// <summary>The shards of every disk that any version has.</summary>
    public IReadOnlyList<DiskShards> Disks =>
        [.. _sizes.OrderBy(d => d.Key, StringComparer.Ordinal)
            .Select(d => new DiskShards(d.Key, manifest.Head.Layout.ShardsOf(d.Value)))];

    /// <summary>Whether an edge lists this delta.</summary>
    public bool Lists(ShardKey shard, DeltaKey key) => _deltas.Contains((shard.Disk, shard.Shard, key));

    /// <summary>The merged indexes that are listed.</summary>
    public IReadOnlyList<MergedRecord> Merged => _merged;

    /// <summary>The packs that are listed.</summary>
    public IReadOnlyList<PackRecord> Packs => _packs;

    /// <summary>Whether any version has machine files.</summary>
    public bool HasFiles { get; private set; }

    /// <summary>Whether this is the name of a listed page, table or machine file.</summary>
    public bool Lists(string name) => _names.Contains(name);

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var reference in manifest.Head.Pages)
            await CheckPageAsync(reference, cancellation);
        foreach (var version in manifest.Head.Versions) await CheckAsync(version, cancellation);
        await CheckNodesAsync(cancellation);
    }

    private async Task CheckPageAsync(
        VersionPageReference reference, CancellationToken cancellation)
    {
        var name = ObjectNames.VersionPage(Machine, reference.Hash);
        _names.Add(name);
        findings.Objects++;
        VersionPage page;
        try
        {
            var (bytes, _) = await baseStore.ReadWholeAsync(
                name, ManifestCodec.MaxPageBytes, cancellation);
            findings.BytesRead += bytes.Length;
            page = ManifestCodec.ReadPage(bytes, Machine, reference);
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            var (_, expected, found) = Findings.Describe(error, name);
            findings.Error(name, expected, found, $"{reference.First}-{reference.Last}");
            return;
        }
        _merged.AddRange(page.Merged);
        _packs.AddRange(page.Packs ?? []);
        foreach (var version in page.Versions) await CheckAsync(version, cancellation);
    }

    private async Task CheckAsync(VersionRecord version, CancellationToken cancellation)
    {
        findings.Versions++;
        _newest = version;
        if (version.State == VersionState.Ready) _newestReady = version;
        var mark = new VersionMark(version.Number, version.State);
        var fingerprint = Fingerprints.Version(
            version.Disks.Select(d => KeyValuePair.Create(d.Name, d.Node)));
        if (fingerprint != version.Fingerprint)
            findings.Add(
                ObjectNames.Head(Machine),
                $"fingerprint {version.Fingerprint} of version {version.Number}",
                $"{fingerprint} of its disks", [mark]);
        foreach (var file in version.Files ?? [])
        {
            HasFiles = true;
            _names.Add(file.ObjectName(Machine));
        }
        foreach (var disk in version.Disks)
        {
            _sizes[disk.Name] = Math.Max(_sizes.GetValueOrDefault(disk.Name), disk.SizeBytes);
            var name = Listed(disk.Edges);
            try
            {
                var edges = await ShardTables.LoadEdgesAsync(
                    baseStore, Machine, disk.Edges, cancellation);
                findings.BytesRead += (long)edges.Count * ShardTables.EdgeBytes;
                foreach (var edge in edges) Take(version.Number, disk.Name, edge);
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                // Without its edges neither this version nor those the chain leads to resolve.
                findings.Add(error, name, [mark]);
            }
        }
    }

    private void Take(int version, string disk, in ShardEdge edge)
    {
        if (edge.ForwardOperation != 0)
            _deltas.Add((disk, edge.Shard, new(edge.Previous, version, edge.ForwardOperation)));
        if (edge.ReverseOperation != 0)
            _deltas.Add((disk, edge.Shard, new(version, edge.Previous, edge.ReverseOperation)));
    }

    /// <summary>The newest version's disks must have the nodes that the head keeps of their shards.</summary>
    private async Task CheckNodesAsync(CancellationToken cancellation)
    {
        foreach (var disk in manifest.Head.Disks)
        {
            _sizes[disk.Name] = Math.Max(_sizes.GetValueOrDefault(disk.Name), disk.SizeBytes);
            var name = Listed(disk.Nodes);
            List<VersionMark> affected = _newestReady is { } ready
                ? [new VersionMark(ready.Number, ready.State)] : [];
            try
            {
                var nodes = await ShardTables.LoadNodesAsync(
                    baseStore, Machine, disk.Nodes, cancellation);
                var node = Fingerprints.Disk(
                    nodes.Select(n => KeyValuePair.Create(n.Shard, n.Node)));
                if (NodeOf(_newestReady, disk.Name) is { } recorded && node != recorded
                    && node != NodeOf(_newest, disk.Name))
                    findings.Add(
                        name, $"shards of node {recorded} of disk {disk.Name}", $"{node}", affected);
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                findings.Add(error, name, affected);
            }
        }
    }

    private string Listed(TableReference table)
    {
        if (table.Object is not { } hash) return ObjectNames.Head(Machine);
        findings.Objects++;
        var name = ObjectNames.ShardTable(Machine, hash);
        _names.Add(name);
        return name;
    }

    private static Hash256? NodeOf(VersionRecord? version, string disk) =>
        version?.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal))?.Node;
}
