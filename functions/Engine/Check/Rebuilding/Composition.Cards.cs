using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <content>What deltas and bases say of the versions that they lead to.</content>
internal sealed partial class Composition
{
    private void Doubtful(int version)
    {
        if (version == 0 || _dead.Contains(version)) return;
        var note = $"Version {version}: nothing in storage says whether it had expired; if it had "
            + "not, the oldest one that is listed reads the same.";
        if (!Notes.Contains(note, StringComparer.Ordinal)) Notes.Add(note);
    }

    /// <summary>
    /// A card belongs to the highest version, up to the one it is said to be of, that changed the
    /// shard: a patch that steps over versions that left the shard alone keeps the older card.
    /// </summary>
    private void FindCards()
    {
        foreach (var shard in _inventory.Shards.Values)
        {
            foreach (var delta in shard.Deltas)
            {
                var owner = delta.Key.IsForward ? delta.Key.To : Owner(shard, delta.Key.To);
                Keep(owner, delta.Card);
            }
            if (shard.Footer is { } footer) Keep(Owner(shard, footer.Version), footer.Card);
        }

        void Keep(int version, VersionCard card)
        {
            if (version > 0 && card != VersionCard.None) _cards.TryAdd(version, card);
        }
    }

    private int Owner(FoundShard shard, int version)
    {
        var owner = shard.Edges.Keys.LastOrDefault(e => e <= version);
        return owner != 0 ? owner : Numbers.Count > 0 ? Numbers[0] : 0;
    }

    /// <summary>A disk's size at a version: as the nearest object at or below says, else above.</summary>
    private long SizeAt(string disk, int version)
    {
        var sizes = new SortedDictionary<int, long>();
        foreach (var shard in ShardsOf(disk))
        {
            foreach (var delta in shard.Deltas)
            {
                sizes[delta.Key.From] = delta.FromDiskBytes;
                sizes[delta.Key.To] = delta.ToDiskBytes;
            }
        }
        foreach (var shard in ShardsOf(disk))
            if (shard.Footer is { Version: > 0 } footer)
                sizes.TryAdd(footer.Version, footer.DiskBytes);
        var below = sizes.Where(s => s.Key <= version && s.Key > 0).ToList();
        return below.Count > 0 ? below[^1].Value
            : sizes.FirstOrDefault(s => s.Key > version).Value is > 0 and var above ? above
            : _origin?.Origin.DiskOf(disk)?.SizeBytes ?? 0;
    }
}
