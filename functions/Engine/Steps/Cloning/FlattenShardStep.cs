using System.Buffers;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>FlattenShard</c>: gives a shard's base every block that it has left to the origin so far, in
/// one commit. It stands where it stood; every block is proved as it is read, and the shard's node
/// must come out as it was.
/// </summary>
public sealed class FlattenShardStep(StepServices services)
    : Step<FlattenShardInput, ShardOutcome>(CloneSteps.FlattenShard)
{
    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        FlattenShardInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var image = await BaseImage.OpenAsync(
            services.BaseStore, input.Key, manifest.Head, cancellation);
        var footer = image.Footer;
        if (image.Exists && footer.Header.Operation == input.Operation)
            return new ShardOutcome(input.Shard, true, footer.Node, 0, 0, footer.Version);
        if (footer.Header.Operation > input.Operation)
            throw new SupersededException(input.Operation, footer.Header.Operation, image.Name);
        var view = new ShardView(
            footer.Version, image, new ShardMap(manifest.Head.Layout), [], services.DeltaStore,
            input.Key, null, services.Resolver.OriginOf(manifest, input.Key, isWhole: true));
        return await TurnKeeper.KeepAsync(
            services, manifest, input.Epoch, c => FlattenAsync(input, manifest, view, c),
            cancellation);
    }

    private async Task<ShardOutcome> FlattenAsync(
        FlattenShardInput input, Manifest manifest, ShardView view, CancellationToken cancellation)
    {
        var footer = view.Base.Footer;
        var blocks = await SharedAsync(view, cancellation);
        if (blocks.Count == 0)
            return new ShardOutcome(input.Shard, false, footer.Node, 0, 0, footer.Version);
        await using var writer = await BaseWriter.OpenAsync(
            services.BaseStore, view.Base, input.Operation, cancellation);
        await CopyAsync(view, blocks, writer, manifest.Head.Layout, cancellation);
        var (version, diskBytes, card) = view.IsOnOrigin
            ? await StandingAsync(manifest, input.Disk, cancellation)
            : (footer.Version, footer.DiskBytes, footer.Card);
        var expected = view.IsOnOrigin ? NodeOf(view, manifest.Head.Layout) : footer.Node;
        var sealedFooter = await writer.SealAsync(version, version, diskBytes, card, cancellation);
        PatchProof.Require(
            $"the flattened base of {input.Key} at version {version}", expected, sealedFooter.Node);
        var made = await writer.CommitAsync(
            DeltaTiers.OfBase(manifest.Head.Policy, services.Options), cancellation);
        if (!view.Base.Exists)
            await LateDeltas.RequireWantedBaseAsync(
                services, input.Key, input.Operation, made, cancellation);
        return new ShardOutcome(
            input.Shard, true, sealedFooter.Node,
            blocks.Count * (long)manifest.Head.Layout.BlockBytes, writer.StagedBytes, version);
    }

    /// <summary>The blocks that the origin gives, ascending.</summary>
    private static async Task<List<int>> SharedAsync(ShardView view, CancellationToken cancellation)
    {
        if (view.IsOnOrigin) return await view.NonZeroBlocksAsync(cancellation);
        await view.Base.LoadAllPagesAsync(cancellation);
        var layout = view.Base.Footer.Header.Layout;
        var blocks = new List<int>();
        foreach (var record in view.Base.Footer.Pages)
        {
            var entries = view.Base.Page(record.Number).Entries;
            for (var i = 0; i < entries.Length; i++)
                if (entries[i].IsOrigin) blocks.Add((record.Number * layout.BlocksPerPage) + i);
        }
        return blocks;
    }

    private async Task CopyAsync(
        ShardView view, List<int> blocks, BaseWriter writer, Layout layout,
        CancellationToken cancellation)
    {
        var most = services.Options.WindowBlocks;
        var rented = ArrayPool<byte>.Shared.Rent(most * layout.BlockBytes);
        var isPlanned = services.BaseStore is IPlannedReads;
        try
        {
            for (var first = 0; first < blocks.Count; first += most)
            {
                var window = blocks.GetRange(first, Math.Min(most, blocks.Count - first));
                var content = rented.AsMemory(0, window.Count * layout.BlockBytes);
                await view.ReadBlocksAsync(window, content, cancellation);
                services.Options.Meter?.Report(new StepProgress(
                    view.Shard, "flattening", first * (long)layout.BlockBytes,
                    blocks.Count * (long)layout.BlockBytes));
                for (var i = 0; i < window.Count; i++)
                {
                    var raw = content.Span.Slice(i * layout.BlockBytes, layout.BlockBytes);
                    // How well a block compresses is not known of a plan: half is usual.
                    var hash = view.HashOf(window[i]);
                    EncodedFrame? frame = writer.Has(hash) ? null
                        : isPlanned
                            ? EncodedFrame.Planned(layout.BlockBytes / 2, layout.BlockBytes)
                            : EncodedFrame.Make(raw, view.Base.Name);
                    await writer.SetAsync(window[i], hash, frame, cancellation);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>A shard that no version of the clone has changed is the same at the newest one.</summary>
    private static async Task<(int Version, long DiskBytes, VersionCard Card)> StandingAsync(
        Manifest manifest, string disk, CancellationToken cancellation)
    {
        var newest = await manifest.FindVersionAsync(manifest.NewestNumber, cancellation);
        var size = newest!.Disks.First(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal)).SizeBytes;
        return (newest.Number, size, new VersionCard(
            newest.Time, newest.Label, newest.Snapshot, newest.Parent));
    }

    private static Hash256 NodeOf(ShardView view, Layout layout)
    {
        var nodes = new Hash256[layout.PagesPerShard];
        for (var page = 0; page < nodes.Length; page++) nodes[page] = view.PageNode(page);
        return Fingerprints.Shard(nodes);
    }
}
