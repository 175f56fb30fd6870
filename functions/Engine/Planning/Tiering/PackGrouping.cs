using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>
/// Groups deltas into packs by when they are expected to go: a pack is paid for whole until its
/// last member goes, so that what goes early must not lie with what stays.
/// </summary>
internal sealed class PackGrouping(TierCosts costs, TieringMargins margins, DateTimeOffset now)
{
    /// <summary>The packs worth making of some deltas in one tier.</summary>
    public IReadOnlyList<PlannedPack> Group(StorageTier tier, IEnumerable<TierCandidate> candidates)
    {
        var sorted = candidates
            .OrderBy(c => c.Expiry ?? DateTimeOffset.MaxValue).ThenBy(c => c.Key.Edge)
            .ThenBy(c => c.Disk, StringComparer.Ordinal).ThenBy(c => c.Shard).ToList();
        var packs = new List<PlannedPack>();
        for (var first = 0; first < sorted.Count;)
        {
            var count = Fill(sorted, first);
            if (count == 0)
            {
                // Too little is left, or too many small ones: without the first one, perhaps.
                first++;
                continue;
            }
            var pack = Make(tier, sorted.GetRange(first, count));
            if (pack is null)
            {
                first++;
                continue;
            }
            packs.Add(pack);
            first += count;
        }
        return packs;
    }

    /// <summary>How many from the first on make a pack: enough of them, or 0.</summary>
    private int Fill(List<TierCandidate> sorted, int first)
    {
        var (bytes, at) = (0L, first);
        var sets = new HashSet<(string, int)>();
        while (at < sorted.Count && bytes < margins.PackBytes)
        {
            sets.Add((sorted[at].Disk, sorted[at].Key.Edge));
            if (sets.Count > margins.MostPackSets || at - first >= margins.MostPackMembers)
                return 0;
            bytes += sorted[at++].LengthBytes;
        }
        if (bytes < margins.PackBytes) return 0;
        // What would be left too short for a pack of its own goes along, as far as there is room.
        var rest = 0L;
        for (var i = at; i < sorted.Count && rest < margins.PackBytes; i++) rest += sorted[i].LengthBytes;
        while (rest < margins.PackBytes && at < sorted.Count
            && bytes + sorted[at].LengthBytes <= margins.MostPackBytes)
        {
            sets.Add((sorted[at].Disk, sorted[at].Key.Edge));
            if (sets.Count > margins.MostPackSets || at - first >= margins.MostPackMembers
                || !IsAlike(sorted[first], sorted[at])) break;
            bytes += sorted[at++].LengthBytes;
        }
        return at - first;
    }

    /// <summary>Whether two go at about the same time, seen from now.</summary>
    private bool IsAlike(TierCandidate one, TierCandidate other)
    {
        if (one.Expiry is null || other.Expiry is null) return one.Expiry == other.Expiry;
        return (other.Expiry.Value - one.Expiry.Value) * 4 <= one.Expiry.Value - now;
    }

    private PlannedPack? Make(StorageTier tier, List<TierCandidate> members)
    {
        DateTimeOffset? expiry = members.TrueForAll(m => m.Expiry is not null)
            ? members.Max(m => m.Expiry) : null;
        var end = expiry ?? now + margins.Horizon;
        var (stay, packed, total) = (0m, 0m, 0L);
        foreach (var member in members)
        {
            stay += TierCourse.Stay(member, now, costs, margins);
            packed += costs.Pack(member.Tier, tier, member.LengthBytes)
                + costs.Early(member.Tier, member.LengthBytes, isPacked: false, now - member.Since)
                + costs.End(tier, member.LengthBytes, isPacked: true, member.Expiry is not null);
            total += member.LengthBytes;
        }
        packed += costs.Store(tier, total, isPacked: true, end - now);
        if (expiry is not null) packed += costs.Early(tier, total, isPacked: true, end - now);
        var gain = stay - packed;
        return gain > stay * margins.LeastGainShare
            ? new PlannedPack(tier, members, expiry, gain)
            : null;
    }
}
