using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes a base anew whose object is gone. What it held is told by nothing but the shard's node in
/// the manifest, so whole candidates are tried: what a clone began from, as it is or without the
/// blocks that the clone is known to have changed (those may be zero now), and each full image.
/// One is committed only if its node is that one, where there is still no object.
/// </summary>
internal sealed class LostBase(
    StepServices services, ShardChain chain, BlockFinder finder, Repairs repairs)
{
    private Layout Layout => chain.Layout;

    /// <summary>Looks whether a base is missing, and makes it.</summary>
    public async Task RunAsync(
        RepairShardInput input, StorageTier tier, CancellationToken cancellation)
    {
        if (chain.Base.Properties is not null) return;
        var origin = await OriginAsync(cancellation);
        if (Standing(origin) is not { } at) return;
        var name = ObjectNames.Base(chain.Shard);
        IReadOnlySet<int>[] ignored = origin is null ? []
            : [new HashSet<int>(), await finder.ChangedAsync(cancellation)];
        foreach (var blocks in ignored)
        {
            await using var writer = await WriterAsync(input, cancellation);
            for (var block = 0; block < Layout.BlocksPerShard; block++)
                if (!blocks.Contains(block) && !origin!.HashOf(block).IsZero)
                    writer.SetOrigin(block, origin.HashOf(block));
            if (!await ProvedAsync(writer, at, input, tier, cancellation)) continue;
            repairs.Mend(name, "the version that the clone began from");
            return;
        }
        foreach (var image in input.Images.Where(i => string.Equals(
            i.Disk, chain.Shard.Disk, StringComparison.Ordinal)))
        {
            await using var writer = await WriterAsync(input, cancellation);
            if (!await FillAsync(writer, image, origin, cancellation)
                || !await ProvedAsync(writer, at, input, tier, cancellation)) continue;
            repairs.Mend(name, origin is null
                ? $"the image {image.Source}"
                : $"the version that the clone began from and the image {image.Source}");
            return;
        }
        repairs.Lose(
            name, $"no image here has the shard as it was at version {at.Version}: repair again "
            + "with --image and a full image of that version", chain.Versions);
    }

    /// <summary>
    /// The edge at or below which the base stood: the highest that leads back from it, else the
    /// oldest one where that is no clone's that never had a base. Null: none is missing.
    /// </summary>
    private ShardLink? Standing(ShardView? origin)
    {
        var back = chain.Links.LastOrDefault(l => l.Edge.ReverseOperation != 0);
        if (back is not null || chain.Links is not [var oldest, ..]) return back;
        var edge = oldest.Edge;
        var below = origin is null ? Hash256.Zero : NodeOf(origin);
        return edge is { Previous: 0, ForwardOperation: 0 } && edge.Node != below ? oldest : null;
    }

    private async Task<ShardView?> OriginAsync(CancellationToken cancellation)
    {
        if (await finder.OriginAsync(cancellation) is not { } origin) return null;
        try
        {
            await origin.LoadPagesAsync(
                [.. Enumerable.Range(0, Layout.PagesPerShard)], cancellation);
            return origin;
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            return null;
        }
    }

    private async Task<BaseWriter> WriterAsync(
        RepairShardInput input, CancellationToken cancellation) => await BaseWriter.OpenAsync(
        services.BaseStore,
        await BaseImage.OpenAsync(
            services.BaseStore, chain.Shard, chain.Manifest.Head, cancellation),
        input.Operation, cancellation);

    /// <summary>Takes the shard from an image; false where that cannot be read, or is no full one.</summary>
    private async Task<bool> FillAsync(
        BaseWriter writer, RepairImage image, ShardView? origin, CancellationToken cancellation)
    {
        try
        {
            await using var disk = await ImageOpener.OpenAsync(
                await services.Sources.OpenAsync(image.Source, null, cancellation), null,
                cancellation);
            if (disk.HasParent) return false;
            var content = new byte[Layout.BlockBytes];
            for (var block = 0; block < Layout.BlocksPerShard; block++)
            {
                var at = (chain.Shard.Shard * Layout.ShardBytes) + ((long)block * content.Length);
                if (at >= disk.SizeBytes) break;
                var length = (int)Math.Min(content.Length, disk.SizeBytes - at);
                content.AsSpan(length).Clear();
                await disk.ReadAsync(at, content.AsMemory(0, length), cancellation);
                var hash = Sectors.HashOf(content);
                if (hash.IsZero) continue;
                if (origin?.HashOf(block) == hash)
                {
                    writer.SetOrigin(block, hash);
                    continue;
                }
                await writer.SetAsync(block, hash, content.AsSpan(), cancellation);
            }
            return true;
        }
        catch (SnapshotException error)
            when (error is InvalidImageException || BlockFinder.IsDamage(error))
        {
            return false;
        }
    }

    /// <summary>Commits what was staged if it is what was there; else it is left unseen.</summary>
    private async Task<bool> ProvedAsync(
        BaseWriter writer, ShardLink at, RepairShardInput input, StorageTier tier,
        CancellationToken cancellation)
    {
        var version = await chain.Manifest.FindVersionAsync(at.Version, cancellation);
        var size = version!.Disks.First(d => string.Equals(
            d.Name, chain.Shard.Disk, StringComparison.Ordinal)).SizeBytes;
        var made = await writer.SealAsync(
            at.Version, at.Version, size,
            new Format.VersionCard(version.Time, version.Label, version.Snapshot, version.Parent),
            cancellation);
        if (made.Node != at.Edge.Node) return false;
        var committed = await writer.CommitAsync(tier, cancellation);
        // Of a machine that was deleted meanwhile it is taken away again.
        await LateDeltas.RequireWantedBaseAsync(
            services, chain.Shard, input.Operation, committed, cancellation);
        return true;
    }

    private Hash256 NodeOf(ShardView view)
    {
        var nodes = new Hash256[Layout.PagesPerShard];
        for (var page = 0; page < nodes.Length; page++) nodes[page] = view.PageNode(page);
        return Fingerprints.Shard(nodes);
    }
}
