using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Checks one state of a shard: its base, its deltas, its merged indexes, its bytes.</summary>
internal sealed class ShardCheck(
    StepServices services, ShardChain chain, PageChoice choice, CheckDepth depth, Findings findings)
{
    private const int MostMergedBytes = 256 << 20;

    private string BaseName => ObjectNames.Base(chain.Shard);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!await OpenOriginAsync(cancellation)) return;
        var hasBase = CheckBase();
        var good = new HashSet<DeltaKey>();
        await using var pipeline = new OrderedPipeline<Findings>(
            services.Options.PatchWindowsAtOnce, services.Windows);
        foreach (var (link, key, isNeeded) in chain.Deltas())
        {
            var piece = new Findings();
            if (key.Operation == 0)
            {
                if (hasBase)
                    piece.Add(
                        BaseName, $"a delta from version {key.From} to {key.To}",
                        "none is listed", chain.Behind(link));
                await pipeline.AddAsync(
                    () => Task.FromResult(piece), findings.TakeAsync, cancellation);
                continue;
            }
            var affected = isNeeded ? chain.Behind(link).ToList() : [];
            var delta = new DeltaCheck(services.DeltaStore, chain, depth, piece);
            var data = await delta.CheckAsync(link, key, affected, cancellation);
            if (data.Index is not null) good.Add(key);
            await pipeline.AddAsync(
                async () =>
                {
                    await delta.CheckDataAsync(data, affected, cancellation);
                    return piece;
                },
                findings.TakeAsync, cancellation);
        }
        await pipeline.CompleteAsync();
        CheckOrder();
        await CheckMergedAsync(cancellation);
        if (!hasBase) return;
        var reads = new DeltaReads(services.DeltaStore, chain.Shard, good);
        await new NodeWalk(chain, reads, findings).RunAsync(cancellation);
        if (depth == CheckDepth.Quick || chain.Base is { Properties: null } && good.Count == 0) return;
        await new ByteCheck(services, chain, choice, depth, reads, findings)
            .RunAsync(cancellation);
    }

    /// <summary>Opens what a clone rests on; false when that cannot be read, which was told.</summary>
    private async Task<bool> OpenOriginAsync(CancellationToken cancellation)
    {
        if (services.Resolver.OriginOf(chain.Manifest, chain.Shard, isWhole: true) is not { } origin)
            return true;
        try
        {
            chain.Origin = await origin.OpenAsync(cancellation);
            return true;
        }
        catch (SnapshotException error)
            when (error is not (StoreBusyException or OvertakenException))
        {
            findings.Add(error, BaseName, chain.Versions);
            return false;
        }
    }

    /// <summary>Answers whether there is a base to walk from; a shard of zeros needs no object.</summary>
    private bool CheckBase()
    {
        findings.Objects++;
        if (chain.IsOnOrigin)
        {
            // What leads back from a base of the clone's own tells that it had one.
            if (!chain.Links.Exists(l => l.Edge.ReverseOperation != 0)) return true;
            findings.Add(BaseName, "the clone's own base", "no object", chain.Versions);
            return false;
        }
        if (chain.Base.Footer is not { } footer)
        {
            var isMissing = chain.Links.Exists(
                l => l.Edge.ReverseOperation != 0 || (l.Edge.Previous == 0 && !l.Edge.Node.IsZero));
            if (isMissing)
                findings.Add(BaseName, "the shard's base", "no object", chain.Versions);
            return !isMissing;
        }
        if (chain.Base.Properties!.Tier == StorageTier.Archive)
            findings.Add(BaseName, "a base that is online", "it is archived", chain.Versions);
        if (footer.Header.Operation >= chain.Manifest.Head.NextOperation)
            findings.Add(
                BaseName, $"an operation below {chain.Manifest.Head.NextOperation}",
                $"operation {footer.Header.Operation}", chain.Versions);
        var at = chain.Links.LastOrDefault(l => l.Version <= footer.Version);
        if (at is not null && at.Edge.Node != footer.Node)
            findings.Add(
                BaseName, $"the node of version {at.Version}, {at.Edge.Node}", $"{footer.Node}",
                chain.Versions);
        return true;
    }

    /// <summary>Each edge must begin at or above the version where the one below it ends.</summary>
    private void CheckOrder()
    {
        for (var i = 0; i < chain.Links.Count; i++)
        {
            var (version, edge) = (chain.Links[i].Version, chain.Links[i].Edge);
            var below = i == 0 ? 0 : chain.Links[i - 1].Version;
            if (edge.Previous < below || edge.Previous >= version)
                findings.Add(
                    ObjectNames.Head(chain.Shard.Machine),
                    $"an edge of {chain.Shard.Disk}/{chain.Shard.Shard} from {below} or above",
                    $"one from {edge.Previous} to {version}", chain.Behind(chain.Links[i]));
        }
    }

    private async Task CheckMergedAsync(CancellationToken cancellation)
    {
        var shard = chain.Shard;
        var listed = await chain.Manifest.MergedAsync(
            shard.Disk, shard.Shard, 0, int.MaxValue, cancellation);
        var reverse = chain.Links.Where(l => l.Edge.ReverseOperation != 0)
            .Select(l => new DeltaKey(l.Version, l.Edge.Previous, l.Edge.ReverseOperation))
            .ToHashSet();
        foreach (var record in listed)
        {
            var name = ObjectNames.MergedIndex(
                shard, record.Level, record.Group, record.Operation);
            var affected = chain.Versions.Where(v => v.Number < record.UpperEdge).ToList();
            findings.Objects++;
            try
            {
                var (bytes, properties) = await services.DeltaStore.ReadWholeAsync(
                    name, MostMergedBytes, cancellation);
                findings.BytesRead += bytes.Length;
                var index = MergedIndex.Decode(bytes, name);
                Check(index, record, reverse, name);
                if (properties.Tier is not (StorageTier.Hot or StorageTier.Default))
                    findings.Warn(name, "an index in the hot tier", $"{properties.Tier}");
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                findings.Add(error, name, affected);
            }
        }
    }

    private void Check(
        MergedIndex index, MergedRecord record, HashSet<DeltaKey> reverse, string name)
    {
        index.Header.Expect(chain.Shard, name);
        if (index.Level != record.Level || index.Group != record.Group
            || index.Header.Operation != record.Operation || index.Header.Layout != chain.Layout)
            throw new CorruptObjectException(
                name, $"{record}",
                $"level {index.Level}, group {index.Group}, operation {index.Header.Operation}");
        foreach (var delta in index.Deltas)
        {
            if (!reverse.Contains(delta.Key))
                throw new CorruptObjectException(name, "deltas that are listed", $"{delta}");
        }
    }
}
