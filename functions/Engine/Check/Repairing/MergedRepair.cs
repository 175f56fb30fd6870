using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes a merged index again from the indexes of its deltas, under its own name: it says what they
/// say, whenever it is made.
/// </summary>
internal sealed class MergedRepair(
    IObjectStore store, ShardChain chain, DeltaReads reads, Repairs repairs)
{
    private const int MostBytes = 256 << 20;

    /// <summary>Looks at every merged index of the shard and mends those that are damaged.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var shard = chain.Shard;
        foreach (var record in await chain.Manifest.MergedAsync(
            shard.Disk, shard.Shard, 0, int.MaxValue, cancellation))
        {
            var name = ObjectNames.MergedIndex(
                shard, record.Level, record.Group, record.Operation);
            var found = await store.FindAsync(name, cancellation);
            if (found is not null && await IsSoundAsync(name, record, cancellation)) continue;
            await MakeAsync(name, record, found, cancellation);
        }
    }

    private async Task<bool> IsSoundAsync(
        string name, MergedRecord record, CancellationToken cancellation)
    {
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            var index = MergedIndex.Decode(bytes, name);
            index.Header.Expect(chain.Shard, name);
            return index.Level == record.Level && index.Group == record.Group
                && index.Header.Operation == record.Operation;
        }
        catch (SnapshotException error) when (BlockFinder.IsDamage(error))
        {
            return false;
        }
    }

    private async Task MakeAsync(
        string name, MergedRecord record, ObjectProperties? found, CancellationToken cancellation)
    {
        var map = new ShardMap(chain.Layout);
        foreach (var link in chain.Links)
        {
            if (link.Version <= record.LowerEdge || link.Version > record.UpperEdge
                || link.Edge.ReverseOperation == 0) continue;
            var key = new DeltaKey(link.Version, link.Edge.Previous, link.Edge.ReverseOperation);
            if (await reads.FindAsync(key, cancellation) is not { } index)
            {
                repairs.Lose(
                    name, $"the index of {key} is damaged too; versions are read without it", []);
                return;
            }
            map.Add(index);
        }
        var bytes = map.ToMerged(chain.Shard, record.Operation, record.Level, record.Group)
            .Encode();
        await store.PutAsync(
            name, bytes, new WriteOptions(IfMatch: found?.ETag, IfAbsent: found is null),
            cancellation);
        repairs.Mend(name, "from the indexes of its deltas");
    }
}
