using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Finds the deltas that lead from a shard's base to a version. Where the base stands is told by
/// its footer alone; the manifest tells which deltas there are. A footer whose operation the
/// manifest does not know, or an object that is gone, means that the manifest is stale.
/// </summary>
/// <param name="baseStore">The placement of bases.</param>
/// <param name="indexes">The deltas' indexes.</param>
/// <param name="load">Loads the manifest of a machine that a clone began from.</param>
public sealed class ShardResolver(
    IObjectStore baseStore, IndexCache indexes, Func<string, CancellationToken, Task<Manifest>> load)
{
    private const int MostOriginAttempts = 6;

    /// <summary>The highest level of merged indexes that is looked for.</summary>
    public const int MostLevels = 4;

    /// <summary>The deltas' indexes, kept.</summary>
    public IndexCache Indexes => indexes;

    /// <summary>The placement of bases.</summary>
    public IObjectStore BaseStore => baseStore;

    /// <summary>Opens a shard at a version, or answers null when the manifest is stale.</summary>
    /// <exception cref="ObjectNotFoundException">A delta is gone: the manifest may be stale.</exception>
    /// <exception cref="OvertakenException">The base was replaced meanwhile.</exception>
    public Task<ShardView?> TryOpenAsync(
        Manifest manifest, ShardKey shard, int version, CancellationToken cancellation) =>
        TryOpenAsync(manifest, shard, version, isWhole: false, cancellation);

    /// <summary>The same; whole: so that the nodes of its pages are known at the version.</summary>
    public async Task<ShardView?> TryOpenAsync(
        Manifest manifest, ShardKey shard, int version, bool isWhole,
        CancellationToken cancellation)
    {
        var image = await BaseImage.OpenAsync(
            baseStore, shard, manifest.Head, cancellation);
        if (image.Footer.Header.Operation >= manifest.Head.NextOperation) return null;
        var footer = await BaseStanding.ListedAsync(
            manifest, shard, image.Footer, cancellation);
        var path = await PathAsync(manifest, shard, version, footer, isWhole, cancellation);
        var (map, near) = await FillAsync(manifest, shard, path, cancellation);
        return new ShardView(
            version, image, map, near, indexes.Store, shard,
            RehydratedCopies.Of(indexes.Store, manifest), OriginOf(manifest, shard, isWhole));
    }

    /// <summary>The shard at the version that a machine began from; null when it began from none.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="isWhole">Whether nodes of pages are asked for.</param>
    public OriginView? OriginOf(Manifest manifest, ShardKey shard, bool isWhole)
    {
        if (manifest.Head.Origin is not { } origin || origin.DiskOf(shard.Disk) is not { } disk
            || manifest.Head.Layout.ShardLength(disk.SizeBytes, shard.Shard) == 0) return null;
        var key = new ShardKey(origin.Machine, disk.OriginName, shard.Shard);
        return new OriginView(
            $"{ObjectNames.Shard(key)}{origin.Version}",
            cancellation => OpenOriginAsync(origin, key, isWhole, cancellation));
    }

    private async Task<ShardView> OpenOriginAsync(
        OriginRecord origin, ShardKey shard, bool isWhole, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var manifest = await load(origin.Machine, cancellation);
            var version = await manifest.FindVersionAsync(origin.Version, cancellation);
            if (version?.Fingerprint != origin.Fingerprint)
                throw new CorruptObjectException(
                    ObjectNames.Head(origin.Machine),
                    $"version {origin.Version} of fingerprint {origin.Fingerprint}, which a clone "
                    + "needs", version is null ? "no such version" : $"{version.Fingerprint}");
            if (await TryOpenAsync(manifest, shard, origin.Version, isWhole, cancellation)
                is { } view)
            {
                // Nodes of pages are asked for where nothing is awaited.
                if (isWhole && view.IsOnOrigin) await view.Origin!.OpenAsync(cancellation);
                return view;
            }
            if (attempt == MostOriginAttempts)
                throw new OvertakenException(
                    ObjectNames.Base(shard),
                    "its footer names an operation that the manifest does not know");
        }
    }

    /// <summary>The map from a version up to a newer one, over reverse incrementals alone.</summary>
    public async Task<ShardMap> MapBackAsync(
        Manifest manifest, ShardKey shard, int version, int upper, CancellationToken cancellation)
    {
        var edges = await manifest.EdgesOfShardAsync(
            shard.Disk, shard.Shard, version, upper, cancellation);
        var footer = BaseImage.Empty(shard, manifest.Head.Layout, 0) with
        {
            Version = upper, Previous = upper,
        };
        var path = await BackAsync(
            manifest, shard, version, footer, edges, isWhole: false, cancellation);
        return (await FillAsync(manifest, shard, path, cancellation)).Map;
    }

    private async Task<(ShardMap Map, List<DeltaIndex> Near)> FillAsync(
        Manifest manifest, ShardKey shard, IReadOnlyList<Hop> path,
        CancellationToken cancellation)
    {
        var map = new ShardMap(manifest.Head.Layout);
        var near = new List<DeltaIndex>();
        foreach (var hop in path)
        {
            if (hop.Merged is { } merged)
            {
                map.Add(await indexes.MergedAsync(
                    shard, merged.Level, merged.Group, merged.Operation, cancellation));
                continue;
            }
            var delta = await indexes.DeltaAsync(shard, hop.Delta, cancellation);
            map.Add(delta);
            near.Add(delta);
        }
        return (map, near);
    }

    /// <summary>The deltas from a version to the base, nearest to the version first.</summary>
    private static async Task<IReadOnlyList<Hop>> PathAsync(
        Manifest manifest, ShardKey shard, int version, BaseFooter footer, bool isWhole,
        CancellationToken cancellation)
    {
        var at = footer.Version;
        if (at == version) return [];
        var edges = await manifest.EdgesOfShardAsync(
            shard.Disk, shard.Shard, Math.Min(at, version), Math.Max(at, version), cancellation);
        return version > at
            ? [.. edges.Reverse()
                .Where(e => !IsOrigin(manifest, e.Edge))
                .Select(e => new Hop(Forward(e.Edge, e.Version.Number, footer, shard)))]
            : await BackAsync(manifest, shard, version, footer, edges, isWhole, cancellation);
    }

    /// <summary>Whether a clone's oldest version has the shard as its origin has it.</summary>
    private static bool IsOrigin(Manifest manifest, ShardEdge edge) =>
        manifest.Head.Origin is not null
        && edge is { Previous: 0, ForwardOperation: 0, ReverseOperation: 0 };

    private static async Task<IReadOnlyList<Hop>> BackAsync(
        Manifest manifest, ShardKey shard, int version, BaseFooter footer,
        IReadOnlyList<(VersionRecord Version, ShardEdge Edge)> edges, bool isWhole,
        CancellationToken cancellation)
    {
        var from = await LowestAlikeAsync(manifest, shard, version, cancellation);
        var merged = edges.Count < 2 || isWhole
            ? []
            : await manifest.MergedAsync(
                shard.Disk, shard.Shard, from, footer.Version, cancellation);
        var hops = new List<Hop>();
        for (var i = 0; i < edges.Count;)
        {
            // Between two edges all versions are alike: a group may begin at any of them.
            var group = BestGroup(merged, from, edges[i].Version.Number - 1, footer.Version);
            if (group is not null)
            {
                hops.Add(new Hop(default, group));
                from = MergedGroups.Upper(group.Level, group.Group);
                while (i < edges.Count && edges[i].Version.Number <= from) i++;
                continue;
            }
            from = edges[i].Version.Number;
            if (edges[i].Edge is { ForwardOperation: 0, ReverseOperation: 0 } && i == 0)
            {
                // The oldest version begins the chain without a delta; below it there is nothing.
                i++;
                continue;
            }
            hops.Add(new Hop(Reverse(edges[i].Edge, from, footer, shard)));
            i++;
        }
        return hops;
    }

    /// <summary>
    /// The lowest number that stands for the same content: 0 where no delta leads below a version,
    /// so that the first group, which begins at 0, serves the first version.
    /// </summary>
    private static async Task<int> LowestAlikeAsync(
        Manifest manifest, ShardKey shard, int version, CancellationToken cancellation)
    {
        if (version is 0 or > MergedGroups.Width) return version;
        var below = await manifest.EdgesOfShardAsync(
            shard.Disk, shard.Shard, 0, version, cancellation);
        return below.All(e => e.Edge is { ForwardOperation: 0, ReverseOperation: 0 }) ? 0 : version;
    }

    private static MergedRecord? BestGroup(
        IReadOnlyList<MergedRecord> merged, int lowest, int highest, int baseVersion)
    {
        MergedRecord? best = null;
        foreach (var record in merged)
        {
            var lower = MergedGroups.Lower(record.Level, record.Group);
            if (lower >= lowest && lower <= highest
                && MergedGroups.Upper(record.Level, record.Group) <= baseVersion
                && (best is null || record.Level > best.Level)) best = record;
        }
        return best;
    }

    /// <summary>
    /// The delta of an edge below the base. While a consolidation runs, the manifest does not list
    /// its deltas as the edge's yet: the footer of a shard that it has moved tells of them.
    /// </summary>
    private static DeltaKey Reverse(ShardEdge edge, int version, BaseFooter footer, ShardKey shard)
    {
        var moved = version > footer.Previous && version <= footer.Version;
        var operation = edge.ReverseOperation != 0 ? edge.ReverseOperation
            : moved ? footer.Header.Operation : 0;
        return operation != 0
            ? new DeltaKey(version, edge.Previous, operation)
            : throw Missing(shard, version, edge.Previous);
    }

    private static DeltaKey Forward(ShardEdge edge, int version, BaseFooter footer, ShardKey shard)
    {
        var moved = version > footer.Version && version <= footer.Previous;
        var operation = edge.ForwardOperation != 0 ? edge.ForwardOperation
            : moved ? footer.Header.Operation : 0;
        return operation != 0
            ? new DeltaKey(edge.Previous, version, operation)
            : throw Missing(shard, edge.Previous, version);
    }

    /// <summary>No such delta is listed: as good as gone, so the reader looks at the manifest again.</summary>
    private static ObjectNotFoundException Missing(ShardKey shard, int from, int to) =>
        new(ObjectNames.DeltaIndex(shard, new DeltaKey(from, to, 0)));

    private readonly record struct Hop(DeltaKey Delta, MergedRecord? Merged = null);
}
