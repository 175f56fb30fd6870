using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Finds the content of a block by its hash: in the base, in the version that a clone began from, at
/// another version of the shard, or in an image that is still there. Nothing is taken that does not hash to what was recorded.
/// </summary>
internal sealed class BlockFinder(
    StepServices services, ShardChain chain, DeltaReads reads, IReadOnlyList<RepairImage> images)
{
    /// <summary>Of each content one block of every frame that the base has of it.</summary>
    private Dictionary<Hash256, List<int>>? _inBase;

    /// <summary>Fills a block with content of a hash; answers where it is from, null for nowhere.</summary>
    public async Task<string?> FindAsync(
        int block, Hash256 hash, Memory<byte> content, CancellationToken cancellation)
    {
        if (await InBaseAsync(hash, content, cancellation)) return "the same block in the base";
        if (await InOriginAsync(block, hash, content, cancellation))
            return "the same block of the version that the clone began from";
        if (await AtVersionAsync(block, hash, content, cancellation) is { } version)
            return $"the same block at version {version}";
        foreach (var image in images)
        {
            if (string.Equals(image.Disk, chain.Shard.Disk, StringComparison.Ordinal)
                && await InImageAsync(image, block, hash, content, cancellation))
                return $"the image {image.Source}";
        }
        return null;
    }

    /// <summary>
    /// The shard at the version that the clone began from, opened; null where there is none, or it
    /// cannot be read.
    /// </summary>
    public async Task<ShardView?> OriginAsync(CancellationToken cancellation)
    {
        if (services.Resolver.OriginOf(chain.Manifest, chain.Shard, isWhole: true) is not { } origin)
            return null;
        try
        {
            return await origin.OpenAsync(cancellation);
        }
        catch (SnapshotException error) when (IsDamage(error))
        {
            return null;
        }
    }

    /// <summary>What a block of it hashes to is looked at first: mostly it is another one.</summary>
    private async Task<bool> InOriginAsync(
        int block, Hash256 hash, Memory<byte> content, CancellationToken cancellation)
    {
        if (await OriginAsync(cancellation) is not { } origin) return false;
        try
        {
            await origin.LoadAsync([block], cancellation);
            if (origin.HashOf(block) != hash) return false;
            await origin.ReadBlocksAsync([block], content, cancellation);
            return Sectors.HashOf(content.Span) == hash;
        }
        catch (SnapshotException error) when (IsDamage(error))
        {
            return false;
        }
    }

    private async Task<bool> InBaseAsync(
        Hash256 hash, Memory<byte> content, CancellationToken cancellation)
    {
        BaseImage image;
        try
        {
            image = await BaseImage.OpenAsync(
                services.BaseStore, chain.Shard, chain.Manifest.Head, cancellation);
            if (_inBase is null) await IndexAsync(image, cancellation);
        }
        catch (SnapshotException error) when (IsDamage(error))
        {
            return false;
        }
        foreach (var other in _inBase!.GetValueOrDefault(hash, []))
            if (await InBaseAsync(image, other, hash, content, cancellation)) return true;
        return false;
    }

    private async Task<bool> InBaseAsync(
        BaseImage image, int block, Hash256 hash, Memory<byte> content,
        CancellationToken cancellation)
    {
        try
        {
            await image.LoadPagesOfAsync([block], cancellation);
            var at = image.Locate(image.Entry(block));
            var stored = new byte[at.StoredBytes];
            await services.BaseStore.ReadAsync(
                at.Object.Name, at.Offset, stored, at.Object.ETag, cancellation);
            Frames.Decode(at.Codec, stored, content.Span, image.Name);
            return Sectors.HashOf(content.Span) == hash;
        }
        catch (SnapshotException error) when (IsDamage(error))
        {
            return false;
        }
    }

    private async Task IndexAsync(BaseImage image, CancellationToken cancellation)
    {
        _inBase = [];
        foreach (var record in image.Footer.Pages)
        {
            try
            {
                await image.LoadPagesAsync([record.Number], cancellation);
            }
            catch (CorruptObjectException)
            {
                continue;
            }
            var entries = image.Page(record.Number).Entries;
            for (var i = 0; i < entries.Length; i++)
            {
                if (!entries[i].HasFrame) continue;
                if (!_inBase.TryGetValue(entries[i].Hash, out var equal))
                    _inBase.Add(entries[i].Hash, equal = []);
                // One block of each frame: the others that name it give the same.
                if (!equal.Exists(b => image.Entry(b) == entries[i]))
                    equal.Add((record.Number * chain.Layout.BlocksPerPage) + i);
            }
        }
    }

    /// <summary>The blocks that some delta of the shard changes.</summary>
    public async Task<IReadOnlySet<int>> ChangedAsync(CancellationToken cancellation)
    {
        var changed = new HashSet<int>();
        foreach (var (_, key, _) in chain.Deltas())
        {
            if (key.Operation == 0
                || await reads.FindAsync(key, cancellation) is not { } index) continue;
            foreach (var entry in index.Entries) changed.Add(entry.Block);
            foreach (var run in index.ZeroRuns)
                for (var block = run.First; block < run.End; block++) changed.Add(block);
        }
        return changed;
    }

    /// <summary>Every version at which a delta leads this block to the hash is read through a view.</summary>
    private async Task<int?> AtVersionAsync(
        int block, Hash256 hash, Memory<byte> content, CancellationToken cancellation)
    {
        var versions = new SortedSet<int>();
        foreach (var (_, key, _) in chain.Deltas())
        {
            if (key.Operation == 0
                || await reads.FindAsync(key, cancellation) is not { } index) continue;
            var at = index.Find(block);
            if (at >= 0 && index.Entries[at].Hash == hash) versions.Add(key.To);
        }
        if (chain.Base.Footer is { } footer) versions.Add(footer.Version);
        foreach (var version in versions)
            if (await ReadAsync(version, block, hash, content, cancellation)) return version;
        return null;
    }

    /// <summary>Reads a block at a version; false when it cannot be had or is another one.</summary>
    public async Task<bool> ReadAsync(
        int version, int block, Hash256 hash, Memory<byte> content,
        CancellationToken cancellation)
    {
        try
        {
            var view = await services.OpenShardAsync(
                chain.Manifest, chain.Shard, version, cancellation);
            await view.ReadBlocksAsync([block], content, cancellation);
            return Sectors.HashOf(content.Span) == hash;
        }
        catch (SnapshotException error) when (
            // An object that was cut short refuses ranges beyond its end.
            IsDamage(error) || error is StoreRefusedException)
        {
            return false;
        }
    }

    private async Task<bool> InImageAsync(
        RepairImage image, int block, Hash256 hash, Memory<byte> content,
        CancellationToken cancellation)
    {
        try
        {
            var source = await services.Sources.OpenAsync(image.Source, null, cancellation);
            await using var disk = await ImageOpener.OpenAsync(source, null, cancellation);
            var offset = (chain.Shard.Shard * chain.Layout.ShardBytes)
                + ((long)block * chain.Layout.BlockBytes);
            content.Span.Clear();
            var length = (int)Math.Clamp(disk.SizeBytes - offset, 0, content.Length);
            if (length > 0) await disk.ReadAsync(offset, content[..length], cancellation);
            return Sectors.HashOf(content.Span) == hash;
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            return false;
        }
    }

    /// <summary>Whether an error says that bytes are not to be had; others end the repair.</summary>
    public static bool IsDamage(SnapshotException error) => error is CorruptObjectException
        or ObjectNotFoundException or ObjectArchivedException or NoSuchException;
}
