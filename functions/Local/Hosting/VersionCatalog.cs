using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// The versions of a machine with what each one plays in the chain and where its bytes lie, as the
/// manifest and two listings tell; no footer and no index is read.
/// </summary>
internal sealed class VersionCatalog
{
    private readonly Dictionary<(string Disk, int Shard, DeltaKey Key), ObjectProperties> _data = [];

    private VersionCatalog(string machine, IReadOnlyList<CatalogEntry> entries, int baseVersion) =>
        (Machine, Entries, Base) = (machine, entries, baseVersion);

    /// <summary>The machine.</summary>
    public string Machine { get; }

    /// <summary>The versions, ascending.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>The version that the base stands at; 0 for none.</summary>
    public int Base { get; }

    /// <summary>Loads the catalog of a machine.</summary>
    public static async Task<VersionCatalog> LoadAsync(
        LocalEngine engine, Manifest manifest, CancellationToken cancellation)
    {
        var versions = new List<VersionRecord>();
        var edges = new Dictionary<(int Version, string Disk), IReadOnlyList<ShardEdge>>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
        {
            versions.Add(version);
            foreach (var disk in version.Disks)
            {
                edges[(version.Number, disk.Name)] =
                    await manifest.EdgesAsync(disk, cancellation);
            }
        }
        var standing = await BasePosition.FindAsync(manifest, cancellation);
        var expiries = PolicyEffect.Expiries(
            manifest.Head,
            [.. versions.Where(v => v.State == VersionState.Ready)
                .Select(v => new RetainedVersion(v.Number, v.Time))]);
        var entries = versions.ToDictionary(
            v => v.Number,
            v => new CatalogEntry(v, RoleOf(v.Number, standing))
            {
                Pins = [.. (manifest.Head.Pins ?? []).Where(p => p.Version == v.Number)],
                Expires = expiries.GetValueOrDefault(v.Number),
            });
        var catalog = new VersionCatalog(manifest.Machine, [.. entries.Values], standing);
        await catalog.ReadDeltasAsync(engine.Store.Delta, cancellation);
        foreach (var ((version, disk), list) in edges)
        {
            foreach (var edge in list) catalog.Place(entries, version, disk, edge);
        }
        if (entries.TryGetValue(standing, out var whole))
            await PlaceBasesAsync(engine.Store.Base, manifest.Machine, whole, cancellation);
        return catalog;
    }

    /// <summary>The data of a delta; null when it is not there.</summary>
    public ObjectProperties? FindData(string disk, int shard, DeltaKey key) =>
        _data.GetValueOrDefault((disk, shard, key));

    /// <summary>The delta that an edge lists; null for a first version's edge.</summary>
    public static DeltaKey? KeyOf(int version, ShardEdge edge) => edge switch
    {
        { ReverseOperation: > 0 } => new DeltaKey(version, edge.Previous, edge.ReverseOperation),
        { ForwardOperation: > 0, Previous: > 0 } =>
            new DeltaKey(edge.Previous, version, edge.ForwardOperation),
        _ => null,
    };

    private static VersionRole RoleOf(int version, int standing) =>
        version == standing ? VersionRole.Base
            : version < standing ? VersionRole.Reverse
            : VersionRole.Forward;

    private async Task ReadDeltasAsync(IObjectStore store, CancellationToken cancellation)
    {
        var prefix = $"{ObjectNames.Machine(Machine)}disks/";
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            if (item.Name.EndsWith(".dat", StringComparison.Ordinal)
                && ObjectNames.TryParseDelta(item.Name, out var shard, out var key))
                _data[(shard.Disk, shard.Shard, key)] = item;
        }
    }

    private void Place(
        Dictionary<int, CatalogEntry> entries, int version, string disk, ShardEdge edge)
    {
        if (KeyOf(version, edge) is not { } key || FindData(disk, edge.Shard, key) is not { } data)
            return;
        if (entries.TryGetValue(key.To, out var entry)) entry.Add("delta", data);
    }

    private static async Task PlaceBasesAsync(
        IObjectStore store, string machine, CatalogEntry entry, CancellationToken cancellation)
    {
        var prefix = $"{ObjectNames.Machine(machine)}disks/";
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            if (ObjectNames.TryParseBase(item.Name, out _)) entry.Add("base", item);
        }
    }
}
