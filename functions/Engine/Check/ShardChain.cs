using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check;

/// <summary>A shard's base and the deltas that lead from it to every version.</summary>
internal sealed class ShardChain
{
    private ShardChain(
        ShardKey shard, Manifest manifest, BaseState state, List<VersionMark> versions,
        List<ShardLink> links)
    {
        Shard = shard;
        Manifest = manifest;
        Base = state;
        Versions = versions;
        Links = links;
    }

    public ShardKey Shard { get; }

    public Manifest Manifest { get; }

    public BaseState Base { get; }

    /// <summary>
    /// The shard at the version that the machine began from, as long as it has no base of its own
    /// that says otherwise; null where it began from none. Set before anything is derived.
    /// </summary>
    public ShardView? Origin { get; set; }

    /// <summary>Whether the origin is the shard's base.</summary>
    public bool IsOnOrigin => Origin is not null && Base.HoldsNothing;

    /// <summary>All listed versions, ascending.</summary>
    public List<VersionMark> Versions { get; }

    /// <summary>The edges, ascending.</summary>
    public List<ShardLink> Links { get; }

    public Layout Layout => Manifest.Head.Layout;

    /// <summary>The edges above the base, nearest first.</summary>
    public IEnumerable<ShardLink> Up => Links.Where(l => l.Version > Base.Version);

    /// <summary>The edges below the base, nearest first.</summary>
    public IEnumerable<ShardLink> Down =>
        Links.Where(l => l.Version <= Base.Version).Reverse();

    /// <summary>Says what the chain is made of: equal when nothing has moved.</summary>
    public string Signature => string.Join(
        ';', Links.Select(l => $"{l.Version},{l.Edge}").Prepend(
            $"{Base.Properties?.ETag}/{Base.Footer?.Header.Operation}"));

    /// <summary>Reads the base, then the edges.</summary>
    public static async Task<ShardChain> LoadAsync(
        IObjectStore baseStore, ShardKey shard, CancellationToken cancellation)
    {
        var manifest = await FreshManifest.LoadAsync(baseStore, shard.Machine, cancellation);
        var state = await BaseState.ReadAsync(
            baseStore, shard, manifest.Head.Layout, cancellation);
        // As views have it: what a deleted machine of the name has left is not there.
        if (state.Footer?.Header.Operation < manifest.Head.FirstOperation)
            state = new BaseState(null, null);
        state = await state.ListedAsync(manifest, shard, cancellation);
        var versions = new List<VersionMark>();
        var links = new List<ShardLink>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
        {
            versions.Add(new VersionMark(version.Number, version.State));
            if (await manifest.FindEdgeAsync(version, shard.Disk, shard.Shard, cancellation)
                is { } edge)
            {
                links.Add(new ShardLink(
                    version.Number, edge,
                    Needed(edge, version.Number, state.Footer, manifest.Head.Origin is not null)));
            }
        }
        return new ShardChain(shard, manifest, state, versions, links);
    }

    /// <summary>The versions that a delta over this edge is needed for.</summary>
    public IEnumerable<VersionMark> Behind(ShardLink link) => link.Version > Base.Version
        ? Versions.Where(v => v.Number >= link.Version)
        : Versions.Where(v => v.Number < link.Version);

    /// <summary>The edge below one, or null for the lowest.</summary>
    public ShardLink? Below(ShardLink link)
    {
        var at = Links.IndexOf(link);
        return at > 0 ? Links[at - 1] : null;
    }

    /// <summary>Every delta that an edge lists or that is needed, once, with its edge.</summary>
    public IEnumerable<(ShardLink Link, DeltaKey Key, bool IsNeeded)> Deltas()
    {
        foreach (var link in Links)
        {
            if (link.Delta is { } needed) yield return (link, needed, true);
            foreach (var key in Listed(link))
                if (key != link.Delta) yield return (link, key, false);
        }
    }

    private static IEnumerable<DeltaKey> Listed(ShardLink link)
    {
        var edge = link.Edge;
        if (edge.ForwardOperation != 0)
            yield return new DeltaKey(edge.Previous, link.Version, edge.ForwardOperation);
        if (edge.ReverseOperation != 0)
            yield return new DeltaKey(link.Version, edge.Previous, edge.ReverseOperation);
    }

    /// <summary>
    /// The delta that leads away from the base. While the base moves, the manifest does not list
    /// what the move saves yet: the footer's operation names it. Operation 0: none is known.
    /// </summary>
    private static DeltaKey? Needed(
        ShardEdge edge, int version, BaseFooter? footer, bool hasOrigin)
    {
        var (at, before, mover) =
            (footer?.Version ?? 0, footer?.Previous ?? 0, footer?.Header.Operation ?? 0);
        if (version > at)
        {
            // A clone's oldest version has the shard as the origin has it.
            if (hasOrigin && edge is { Previous: 0, ForwardOperation: 0, ReverseOperation: 0 })
                return null;
            var passed = version <= before;
            var operation = edge.ForwardOperation != 0 ? edge.ForwardOperation
                : passed ? mover : 0;
            return new DeltaKey(edge.Previous, version, operation);
        }
        if (edge.Previous == 0 && edge.ReverseOperation == 0) return null;
        return new DeltaKey(
            version, edge.Previous,
            edge.ReverseOperation != 0 ? edge.ReverseOperation : version > before ? mover : 0);
    }
}
