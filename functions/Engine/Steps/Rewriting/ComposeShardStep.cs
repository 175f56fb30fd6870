using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// <c>ComposeShard</c>: makes one delta of all those between two versions, as if they were laid
/// one after the other. Reads each of them once from its first byte to its last, touches no base,
/// and takes memory by the blocks that change, never by the bytes of the deltas. Order of writes:
/// data, then index; a crash leaves what only this operation lists.
/// </summary>
public sealed class ComposeShardStep : Step<ComposeShardInput, ShardOutcome>
{
    /// <summary>What the buffers of all deltas together take.</summary>
    private const int BuffersBytes = 64 << 20;
    private const int MostBufferBytes = 4 << 20;

    private readonly StepServices _services;
    private readonly ISectorOverlay _overlay;
    private readonly Func<IReadOnlyList<int>, IReadOnlyList<int>> _order;

    /// <summary>The step as it is used.</summary>
    public ComposeShardStep(StepServices services)
        : this(services, new SectorOverlay(), places => places)
    {
    }

    internal ComposeShardStep(
        StepServices services, ISectorOverlay overlay,
        Func<IReadOnlyList<int>, IReadOnlyList<int>> order)
        : base(StepNames.ComposeShard) =>
        (_services, _overlay, _order) = (services, overlay, order);

    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        ComposeShardInput input, CancellationToken cancellation)
    {
        var manifest = await _services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var edges = await manifest.EdgesOfShardAsync(
            input.Disk, input.Shard, input.Lower, input.Upper, cancellation);
        if (edges.Count == 0)
            return new ShardOutcome(input.Shard, false, Hash256.Zero, 0, 0, input.Upper);
        return await TurnKeeper.KeepAsync(
            _services, manifest, input.Epoch,
            c => ComposeAsync(input, manifest, edges, c), cancellation);
    }

    private async Task<ShardOutcome> ComposeAsync(
        ComposeShardInput input, Manifest manifest,
        IReadOnlyList<(VersionRecord Version, ShardEdge Edge)> edges,
        CancellationToken cancellation)
    {
        var layout = manifest.Head.Layout;
        var draft = await DraftAsync(input, manifest, cancellation);
        var chain = Chain(input, edges);
        var own = edges[^1].Version.Number != input.Upper ? 0 : SourceDelta.ChangedBytes(
            await IndexAsync(input, KeyOf(input, edges[^1]), cancellation), layout);
        var index = await DeltaPublication.FindAsync(_services.DeltaStore, draft, cancellation)
            ?? await WriteAsync(input, draft, chain, cancellation);
        await LateDeltas.RequireWantedAsync(
            _services, input.Key, input.Operation, [draft.Key], cancellation);
        // What the version above changes more than before, now that others went under it.
        var more = Math.Max(0, SourceDelta.ChangedBytes(index, layout) - own);
        return new ShardOutcome(
            input.Shard, true, edges[^1].Edge.Node, more, index.DataBytes, input.Upper);
    }

    private async Task<DeltaIndex> WriteAsync(
        ComposeShardInput input, DeltaDraft draft, List<(DeltaKey Key, Hash256 Node)> chain,
        CancellationToken cancellation)
    {
        var layout = draft.Layout;
        var owners = new SectorOwners(layout);
        var pages = new SortedDictionary<int, Hash256>();
        var sources = new List<SourceDelta>();
        foreach (var (key, node) in chain)
        {
            var index = await IndexAsync(input, key, cancellation);
            owners.Lay(index, sources.Count);
            foreach (var page in index.Pages) pages[page.Page] = page.Node;
            sources.Add(SourceDelta.Of(index, node));
        }
        ProveChain(input, sources);
        // From the version that the new delta leads to back: a sector keeps the first it meets.
        var map = new ShardMap(layout);
        var places = _order([.. Enumerable.Range(0, sources.Count).Reverse()]);
        foreach (var place in places)
            map.Add(await IndexAsync(input, sources[place].Key, cancellation));
        var streams = places.Select(p => StreamOf(input, sources[p], layout, sources.Count)).ToList();
        var isPlanned = _services.DeltaStore is IPlannedReads;
        await using var staging = new PartStaging(_services.Options.RequestsAtOnce);
        await using var writer = new DeltaWriter(
            _services.DeltaStore, draft, staging,
            isPlanned ? raw => PlannedPatch.Encode(raw, layout) : null);
        try
        {
            IComposedBlocks blocks = isPlanned
                ? new PlannedBlocks(map, streams, layout)
                : new ComposedBlocks(
                    map, owners, streams, _overlay, layout,
                    $"{input.Key} at version {input.To}");
            if (map.Count != owners.Count)
                throw new ProofFailedException($"{input.Key}", Hash256.Zero, Hash256.Zero);
            await PassAsync(input, map, blocks, writer, cancellation);
            foreach (var stream in streams) await stream.CompleteAsync(cancellation);
            return await writer.CompleteAsync(
                sources[0].FromNode, sources[^1].ToNode,
                [.. pages.Select(p => new PageNode(p.Key, p.Value))], cancellation);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    private async Task PassAsync(
        ComposeShardInput input, ShardMap map, IComposedBlocks blocks, DeltaWriter writer,
        CancellationToken cancellation)
    {
        var order = map.Blocks.ToArray();
        Array.Sort(order);
        for (var i = 0; i < order.Length; i++)
        {
            if (i % 64 == 0)
                _services.Options.Meter?.Report(
                    new StepProgress(input.Key, "composing", i, order.Length));
            await writer.AddAsync(
                await blocks.ComposeAsync(order[i], cancellation), false, cancellation);
        }
    }

    private DeltaStream StreamOf(
        ComposeShardInput input, SourceDelta source, Layout layout, int count) => new(
        new StoredObject(_services.DeltaStore, source.Place.DataName(input.Key), null),
        source.Place.Offset, source.DataBytes, source.DataHash, layout,
        Math.Min(MostBufferBytes, BuffersBytes / count));

    private Task<DeltaIndex> IndexAsync(
        ComposeShardInput input, DeltaKey key, CancellationToken cancellation) =>
        _services.Resolver.Indexes.DeltaAsync(input.Key, key, cancellation);

    /// <summary>The deltas in the order in which they are laid.</summary>
    private static List<(DeltaKey Key, Hash256 Node)> Chain(
        ComposeShardInput input, IReadOnlyList<(VersionRecord Version, ShardEdge Edge)> edges)
    {
        var chain = edges.Select(e => (KeyOf(input, e), e.Edge.Node)).ToList();
        if (!input.Delta.IsForward) chain.Reverse();
        return chain;
    }

    private static DeltaKey KeyOf(
        ComposeShardInput input, (VersionRecord Version, ShardEdge Edge) edge)
    {
        var (forward, reverse) = (edge.Edge.ForwardOperation, edge.Edge.ReverseOperation);
        var key = input.Delta.IsForward
            ? new DeltaKey(edge.Edge.Previous, edge.Version.Number, forward)
            : new DeltaKey(edge.Version.Number, edge.Edge.Previous, reverse);
        // The plan has seen to it that the base does not stand between them.
        return key.Operation != 0 ? key : throw new CorruptObjectException(
            ObjectNames.Head(input.Machine),
            $"deltas of {input.Key} from version {input.From} to {input.To}",
            $"none the same way at version {edge.Version.Number}");
    }

    /// <summary>Each delta begins where the one before ends, as the manifest has it too.</summary>
    private static void ProveChain(ComposeShardInput input, List<SourceDelta> sources)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            PatchProof.Require(
                $"{input.Key} at version {source.Key.Edge} as the manifest has it",
                source.EdgeNode, source.Key.IsForward ? source.ToNode : source.FromNode);
            if (i > 0)
                PatchProof.Require(
                    $"{input.Key} at version {source.Key.From}", sources[i - 1].ToNode,
                    source.FromNode);
        }
    }

    private async Task<DeltaDraft> DraftAsync(
        ComposeShardInput input, Manifest manifest, CancellationToken cancellation)
    {
        var from = await manifest.FindVersionAsync(input.From, cancellation);
        var to = await manifest.FindVersionAsync(input.To, cancellation);
        var card = to is null
            ? VersionCard.None
            : new VersionCard(to.Time, to.Label, to.Snapshot, to.Parent);
        var tier = input.Delta.IsForward
            ? _services.Options.ForwardTier
            : DeltaTiers.OfReverse(manifest.Head.Policy, _services.Options);
        return new DeltaDraft(
            input.Key, manifest.Head.Layout, input.Delta, SizeOf(from, input.Disk),
            SizeOf(to, input.Disk), card,
            Hash256.Of(JsonSerializer.SerializeToUtf8Bytes(input, StepNames.ComposeShard.Input)),
            tier);
    }

    private static long SizeOf(VersionRecord? version, string disk) =>
        version?.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal))?.SizeBytes ?? 0;
}
