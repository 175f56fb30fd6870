using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Finds the archived objects that a range of a disk must be read from. Indexes alone tell which
/// objects a range needs; where those or a base are archived too, they are what is needed first.
/// </summary>
/// <param name="baseStore">Where bases lie.</param>
/// <param name="deltaStore">Where deltas lie.</param>
public sealed class ArchivedData(IObjectStore baseStore, IObjectStore deltaStore)
{
    /// <summary>The placement that an object of this name lies in.</summary>
    public IObjectStore StoreOf(string name) =>
        ObjectNames.TryParseBase(name, out _) ? baseStore : deltaStore;

    /// <summary>The shards of a range that can hold anything.</summary>
    public static async Task<ShardRanges> ShardsAsync(
        Manifest manifest, DiskView view, ByteRange range, CancellationToken cancellation)
    {
        if (range.Length <= 0) return ShardRanges.Empty;
        var first = (int)(range.Offset / view.Layout.ShardBytes);
        var last = (int)((range.End - 1) / view.Layout.ShardBytes);
        if (last - first < 2) return ShardRanges.Range(first, last);
        var all = await DiskShards.WithDataAsync(manifest, view.Disk, view.Version, cancellation);
        return ShardRanges.Of(all.Where(s => s >= first && s <= last));
    }

    /// <summary>
    /// The archived objects that one shard's part of a range needs and of which there is no copy to
    /// read, ordered by name. One whose copy is under way tells where that leads.
    /// </summary>
    /// <param name="manifest">The manifest, whose rehydrations may have made copies.</param>
    /// <param name="view">The disk.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="range">The range of the disk.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="held">Only what differs from this is read; null for all.</param>
    /// <param name="counts">The rehydrations whose copies count; null for all.</param>
    public async Task<IReadOnlyList<ObjectProperties>> FindAsync(
        Manifest manifest, DiskView view, int shard, ByteRange range,
        CancellationToken cancellation, DiskView? held = null,
        Func<RehydratedRecord, bool>? counts = null)
    {
        var copies = RehydratedCopies.Of(deltaStore, manifest, counts);
        var found = new List<ObjectProperties>();
        foreach (var name in await NamesAsync(view, shard, range, held, cancellation))
        {
            // One that is gone was replaced; a read will find what stands in its place.
            var properties = await StoreOf(name).FindAsync(name, cancellation);
            if (properties is not { Tier: StorageTier.Archive }) continue;
            var copy = copies is null ? null : await copies.BestAsync(name, cancellation);
            if (copy is { Tier: not StorageTier.Archive }) continue;
            found.Add(properties.RehydratingTo is null && copy is not null
                ? properties with { RehydratingTo = copy.RehydratingTo } : properties);
        }
        return found;
    }

    private static async Task<IEnumerable<string>> NamesAsync(
        DiskView view, int shard, ByteRange range, DiskView? held,
        CancellationToken cancellation)
    {
        var (start, block) = (shard * view.Layout.ShardBytes, view.Layout.BlockBytes);
        var first = (int)(Math.Max(0, range.Offset - start) / block);
        var end = (int)((Math.Min(range.End - start, view.Layout.ShardBytes) + block - 1) / block);
        try
        {
            var only = held is null ? null
                : (await BlockHashes.ChangedAsync(held, view, shard, first, end, cancellation))
                    .Where(b => !b.IsZero).Select(b => b.Block).ToHashSet();
            var needed = await view.OnShardAsync(
                shard, resolved => Task.FromResult(resolved.DataOf(first, end, only)),
                cancellation);
            var key = new ShardKey(view.Machine, view.Disk.Name, shard);
            return needed.Select(d => d.DataName(key)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);
        }
        catch (ObjectArchivedException error)
        {
            return [error.ObjectName];
        }
    }
}
