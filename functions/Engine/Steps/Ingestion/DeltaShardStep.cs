using System.Text.Json;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>
/// <c>DeltaShard</c>: ingests one shard of one disk of a snapshot. The first version of a machine
/// becomes the shard's base; later ones become a forward incremental against the newest version,
/// whichever version the snapshot was taken against. Done when the index or footer carries the
/// operation; a repeat finds that and answers the same.
/// </summary>
public sealed class DeltaShardStep(StepServices services)
    : Step<DeltaShardInput, ShardOutcome>(StepNames.DeltaShard)
{
    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        DeltaShardInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        await using var image = await OpenImageAsync(input, cancellation);
        return await TurnKeeper.KeepAsync(
            services, manifest, input.Epoch,
            c => input.Newest == 0 && manifest.Head.Origin is null
                ? WriteBaseAsync(input, manifest, image, c)
                : WriteDeltaAsync(input, manifest, image, c),
            cancellation);
    }

    private async Task<IDiskImage> OpenImageAsync(
        DeltaShardInput input, CancellationToken cancellation)
    {
        var image = await PinnedImages.OpenAsync(
            services.Sources, input.Source, input.Identity, input.Format, cancellation);
        if (image.SizeBytes == input.DiskBytes) return image;
        await image.DisposeAsync();
        throw new InvalidImageException(
            "changed", input.Source, $"a disk of {input.DiskBytes} bytes", $"{image.SizeBytes}");
    }

    private async Task<ShardOutcome> WriteBaseAsync(
        DeltaShardInput input, Manifest manifest, IDiskImage image, CancellationToken cancellation)
    {
        var old = await BaseImage.OpenAsync(
            services.BaseStore, input.Key, manifest.Head, cancellation);
        if (old.Footer.Header.Operation > input.Operation)
            throw new SupersededException(
                input.Operation, old.Footer.Header.Operation, old.Name);
        if (old.Exists && old.Footer.Header.Operation == input.Operation)
            return await OutcomeOfAsync(input, old, cancellation);
        // What a fenced earlier try left is an empty base: replaced whole, its ETag is the condition.
        await using var writer = await BaseWriter.OpenAsync(
            services.BaseStore, old, input.Operation, cancellation);
        var layout = manifest.Head.Layout;
        var blockCount = 0;
        var ingestion = new WindowIngestion(image, null, null, input.Key, layout);
        await ForEachWindowAsync(
            input, layout, image, ingestion, null,
            async (blocks, _) =>
            {
                blockCount += blocks.Count;
                foreach (var block in blocks)
                    await writer.SetAsync(block.Block, block.Hash, block.Frame, cancellation);
            },
            cancellation);
        if (!old.Exists && !writer.HasChanges)
            return new ShardOutcome(input.Shard, false, Hash256.Zero, 0, 0);
        var footer = await writer.SealAsync(
            input.Version, 0, input.DiskBytes, input.Card, cancellation);
        var made = await writer.CommitAsync(
            DeltaTiers.OfBase(manifest.Head.Policy, services.Options), cancellation);
        if (!old.Exists)
            await LateDeltas.RequireWantedBaseAsync(
                services, input.Key, input.Operation, made, cancellation);
        return new ShardOutcome(
            input.Shard, !footer.Node.IsZero, footer.Node, blockCount * (long)layout.BlockBytes,
            writer.StagedBytes);
    }

    private async Task<ShardOutcome> WriteDeltaAsync(
        DeltaShardInput input, Manifest manifest, IDiskImage image, CancellationToken cancellation)
    {
        var layout = manifest.Head.Layout;
        var draft = new DeltaDraft(
            input.Key, layout, new DeltaKey(input.Newest, input.Version, input.Operation),
            input.NewestDiskBytes, input.DiskBytes, input.Card,
            Hash256.Of(JsonSerializer.SerializeToUtf8Bytes(input, StepNames.DeltaShard.Input)),
            services.Options.ForwardTier,
            // All that tells a dependent machine from its origin.
            IsThorough: input.Newest == 0);
        if (await DeltaPublication.FindAsync(services.DeltaStore, draft, cancellation) is { } done)
            return OutcomeOf(input, done);
        var newest = await services.OpenShardAsync(
            manifest, input.Key, input.Newest, cancellation);
        var parent = !image.HasParent ? null
            : input.Parent == input.Newest ? newest
            : await services.OpenShardAsync(manifest, input.Key, input.Parent, cancellation);
        await using var staging = new PartStaging(services.Options.RequestsAtOnce);
        await using var writer = new DeltaWriter(services.DeltaStore, draft, staging);
        var ingestion = new WindowIngestion(image, newest, parent, input.Key, layout);
        var changed = new List<(int Block, Hash256 Hash)>();
        var bridge = new ZeroBridge();
        await ForEachWindowAsync(
            input, layout, image, ingestion, newest,
            async (blocks, window) =>
            {
                bridge.Enter(window);
                foreach (var block in blocks)
                {
                    changed.Add((block.Block, block.Hash));
                    await writer.AddAsync(
                        block.Change, bridge.Reaches(block), cancellation);
                }
                bridge.Leave(window);
            },
            cancellation);
        if (writer.IsEmpty)
            return new ShardOutcome(input.Shard, false, await NodeAsync(manifest, input), 0, 0);
        var hashes = new PageHashes(layout, newest.PageNode);
        var fromNode = hashes.ShardNode;
        await RequireNodeAsync(manifest, input, fromNode);
        foreach (var page in writer.Pages)
            hashes.Load(page, newest.HashOf, $"{input.Key} at version {input.Newest}");
        foreach (var (block, hash) in changed) hashes.Set(block, hash);
        RequireZeros(input, writer.ZeroRuns, changed, newest);
        var nodes = hashes.Refresh(writer.Pages);
        var index = await writer.CompleteAsync(fromNode, hashes.ShardNode, nodes, cancellation);
        await LateDeltas.RequireWantedAsync(
            services, input.Key, input.Operation, [draft.Key], cancellation);
        return OutcomeOf(input, index);
    }

    /// <summary>Runs the windows that can differ, some side by side, and takes them in order.</summary>
    private async Task ForEachWindowAsync(
        DeltaShardInput input, Layout layout, IDiskImage image, WindowIngestion ingestion,
        ShardView? newest, Func<List<IngestedBlock>, WindowOutcome, Task> take,
        CancellationToken cancellation)
    {
        var offset = input.Shard * layout.ShardBytes;
        var length = Math.Max(
            layout.ShardLength(input.DiskBytes, input.Shard),
            layout.ShardLength(input.NewestDiskBytes, input.Shard));
        var blockCount = (int)((length + layout.BlockBytes - 1) / layout.BlockBytes);
        var end = offset + ((long)blockCount * layout.BlockBytes);
        await using var cursor = new ExtentCursor(
            image, new ByteRange(offset, end), image.HasParent, cancellation);
        var isOnNewest = input.Parent == input.Newest;
        await using var pipeline = new OrderedPipeline<(List<IngestedBlock>, ulong)>(
            newest is null ? services.Options.WindowsAtOnce : services.Options.RequestsAtOnce,
            // The first version reads nothing from the store.
            newest is null ? null : services.Windows);
        for (var first = 0; first < blockCount; first += services.Options.ChangeWindowBlocks)
        {
            var count = Math.Min(services.Options.ChangeWindowBlocks, blockCount - first);
            var extents = await cursor.TakeAsync(
                offset + ((long)(first + count) * layout.BlockBytes));
            var window = IngestWindow.Of(first, count, extents, offset, layout);
            var canDiffer = image.HasParent
                ? window.IsTouched || !isOnNewest
                : window.Data != 0 || newest is not null;
            services.Options.Meter?.Report(new StepProgress(
                input.Key, "reading", Math.Min(length, (long)first * layout.BlockBytes), length));
            if (!canDiffer) continue;
            await pipeline.AddAsync(
                () => ingestion.RunAsync(window, cancellation),
                // Not "first" itself: it has moved on by the time the window is taken.
                result => take(
                    result.Item1, new WindowOutcome(window.FirstBlock, window.Count, result.Item2)),
                cancellation);
        }
        await pipeline.CompleteAsync();
        services.Options.Meter?.Report(new StepProgress(input.Key, "reading", length, length));
    }

    /// <summary>
    /// A run of zeros may span blocks that were not added, as long as they are zero too: else the
    /// delta would not lead to the node that is recorded for it.
    /// </summary>
    private static void RequireZeros(
        DeltaShardInput input, IReadOnlyList<BlockRun> runs,
        List<(int Block, Hash256 Hash)> changed, ShardView newest)
    {
        var hashes = changed.ToDictionary(c => c.Block, c => c.Hash);
        foreach (var run in runs)
        {
            for (var block = run.First; block < run.End; block++)
            {
                var hash = hashes.TryGetValue(block, out var now) ? now : newest.HashOf(block);
                if (!hash.IsZero)
                    throw new ProofFailedException(
                        $"block {block} of {input.Key} at version {input.Version}",
                        Hash256.Zero, hash);
            }
        }
    }

    /// <summary>The node that the manifest records for the newest version is the chain's.</summary>
    private static async Task RequireNodeAsync(
        Manifest manifest, DeltaShardInput input, Hash256 found)
    {
        var recorded = await NodeAsync(manifest, input);
        if (recorded != found)
            throw new ProofFailedException(
                $"{input.Key} at version {input.Newest}", recorded, found);
    }

    private static async Task<Hash256> NodeAsync(Manifest manifest, DeltaShardInput input)
    {
        var disk = manifest.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, input.Disk, StringComparison.Ordinal));
        if (disk is null) return Hash256.Zero;
        var nodes = await manifest.NodesAsync(disk);
        return nodes.FirstOrDefault(n => n.Shard == input.Shard).Node;
    }

    private static ShardOutcome OutcomeOf(DeltaShardInput input, DeltaIndex index)
    {
        var sector = index.Header.Layout.SectorBytes;
        var bytes = index.Entries.Sum(
                e => (long)System.Numerics.BitOperations.PopCount(e.Changed) * sector)
            + index.ZeroRuns.Sum(r => (long)r.Count * index.Header.Layout.BlockBytes);
        return new ShardOutcome(input.Shard, true, index.ToNode, bytes, index.DataBytes);
    }

    /// <summary>The outcome of a base that an earlier run of this step has committed.</summary>
    private static async Task<ShardOutcome> OutcomeOfAsync(
        DeltaShardInput input, BaseImage image, CancellationToken cancellation)
    {
        await image.LoadAllPagesAsync(cancellation);
        var footer = image.Footer;
        var blocks = footer.Pages.Sum(p => image.Page(p.Number).Entries.Count(e => !e.IsZero));
        return new ShardOutcome(
            input.Shard, !footer.Node.IsZero, footer.Node,
            blocks * (long)footer.Header.Layout.BlockBytes, image.LengthBytes);
    }
}
