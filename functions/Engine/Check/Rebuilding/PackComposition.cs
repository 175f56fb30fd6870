using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>
/// Derives the packs' records: which deltas lie in which pack is told by their indexes, all else by
/// the packs' properties, which can be read of an archived one too.
/// </summary>
internal sealed class PackComposition(Inventory inventory, SurvivingCopy? copy)
{
    /// <summary>The records of the packs that the edges of some versions need.</summary>
    /// <param name="versions">The versions.</param>
    /// <param name="edgesOf">The edges of a disk at a version.</param>
    /// <param name="now">The clock's time.</param>
    public IReadOnlyList<PackRecord> Make(
        IEnumerable<VersionRecord> versions,
        Func<string, int, IReadOnlyList<ShardEdge>> edgesOf, DateTimeOffset now)
    {
        var members = new SortedDictionary<(long, int), List<(string Disk, int Shard, DeltaKey Key)>>();
        foreach (var version in versions)
        {
            foreach (var disk in version.Disks)
            {
                foreach (var edge in edgesOf(disk.Name, version.Number))
                {
                    var key = new DeltaKey(version.Number, edge.Previous, edge.ReverseOperation);
                    var pack = PackOf(disk.Name, edge.Shard, key);
                    if (pack == 0) continue;
                    if (!members.TryGetValue((key.Operation, pack), out var list))
                        members.Add((key.Operation, pack), list = []);
                    list.Add((disk.Name, edge.Shard, key));
                }
            }
        }
        return [.. members.Select(m => Record(m.Key, m.Value, now)).OfType<PackRecord>()];
    }

    private int PackOf(string disk, int shard, DeltaKey key) =>
        inventory.Shards.TryGetValue((disk, shard), out var found)
            ? found.Deltas.Find(d => d.Key == key)?.Pack ?? 0
            : 0;

    private PackRecord? Record(
        (long Operation, int Number) id, List<(string Disk, int Shard, DeltaKey Key)> members,
        DateTimeOffset now)
    {
        if (!inventory.Packs.TryGetValue(id, out var found))
        {
            inventory.Notes.Add(
                $"Pack {id.Operation}-{id.Number} is missing; {members.Count} deltas need it.");
            return null;
        }
        var known = copy?.Packs.FirstOrDefault(
            p => p.Operation == id.Operation && p.Number == id.Number);
        var hash = found.Metadata.TryGetValue(PackMetadata.Hash, out var text)
            && Hash256.TryParse(text, out var read) ? read : known?.Hash ?? Hash256.Zero;
        return new PackRecord
        {
            Operation = id.Operation,
            Number = id.Number,
            Tier = found.Tier,
            TierChanged = known?.Tier == found.Tier ? known.TierChanged : now,
            LengthBytes = found.LengthBytes,
            Hash = hash,
            Expiry = known?.Expiry,
            Members =
            [
                .. members.GroupBy(m => (m.Disk, m.Key)).Select(g => new DeltaSet(
                    g.Key.Disk, g.Key.Key.From, g.Key.Key.To, g.Key.Key.Operation,
                    ShardRanges.Of(g.Select(m => m.Shard).Order()))),
            ],
        };
    }
}
