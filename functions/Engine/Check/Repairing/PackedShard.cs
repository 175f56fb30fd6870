using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>A shard some of whose deltas lie in a pack that is repaired.</summary>
internal sealed class PackedShard
{
    private readonly StepServices _services;
    private readonly ShardChain _chain;
    private readonly DeltaReads _reads;
    private readonly BlockFinder _finder;

    private PackedShard(
        StepServices services, ShardChain chain, IReadOnlyList<RepairImage> images)
    {
        (_services, _chain) = (services, chain);
        Repairs = new Repairs(chain);
        // Deltas whose indexes cannot be read are found to be so when they are asked for.
        _reads = new DeltaReads(
            services.DeltaStore, chain.Shard, [.. chain.Deltas().Select(d => d.Key)]);
        _finder = new BlockFinder(services, chain, _reads, images);
    }

    public Repairs Repairs { get; }

    public static async Task<PackedShard> LoadAsync(
        StepServices services, ShardKey shard, IReadOnlyList<RepairImage> images,
        CancellationToken cancellation) =>
        new(services, await ShardChain.LoadAsync(services.BaseStore, shard, cancellation), images);

    /// <summary>One delta; null when its index is damaged, which the shard's repair has told.</summary>
    public async Task<PackedDelta?> DeltaAsync(
        DeltaKey key, PackRecord pack, ObjectProperties? found, CancellationToken cancellation)
    {
        var link = _chain.Links.Find(l => l.Version == key.Edge);
        var name = ObjectNames.DeltaIndex(_chain.Shard, key);
        if (link is null) return null;
        try
        {
            var (bytes, _) = await _services.DeltaStore.ReadWholeAsync(
                name, DeltaIndex.MostBytes, cancellation);
            var index = DeltaIndex.Decode(bytes, name);
            index.Header.Expect(_chain.Shard, name);
            if (index.Key != key || index.Pack != pack.Number) return null;
            var member = new PackMember(
                _chain.Shard.Disk, _chain.Shard.Shard, index.From, index.To, index.PackOffset,
                index.DataBytes, bytes.Length);
            var frames = new FrameRepair(
                _services.DeltaStore, _chain, _finder, index, found,
                pack.ObjectName(_chain.Shard.Machine));
            return new PackedDelta(
                member, index, bytes, frames, Repairs, [.. _chain.Behind(link)]);
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            return null;
        }
    }
}
