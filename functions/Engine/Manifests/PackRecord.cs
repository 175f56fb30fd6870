using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// A pack: one object that holds the data of many reverse deltas, all written by its operation.
/// Listed until its last member goes.
/// </summary>
public sealed record PackRecord
{
    /// <summary>The most sets of members that a record may have.</summary>
    public const int MostMembers = 1024;

    /// <summary>The operation that writes or wrote it.</summary>
    public required long Operation { get; init; }

    /// <summary>Which of that operation's packs it is, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The tier that it was written to or moved to.</summary>
    public required StorageTier Tier { get; init; }

    /// <summary>When it came to that tier; null while it is written.</summary>
    public DateTimeOffset? TierChanged { get; init; }

    /// <summary>Its length; 0 while it is written.</summary>
    public long LengthBytes { get; init; }

    /// <summary>The SHA-256 of all of it; zero while it is written.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>When its members were expected to go, the last one; null for never.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>The deltas in it that are still listed, by edge, disk and shards.</summary>
    public required IReadOnlyList<DeltaSet> Members { get; init; }

    /// <summary>The highest edge of its members: its place among the versions.</summary>
    [JsonIgnore]
    public int UpperEdge => Members.Max(m => m.Key.Edge);

    /// <summary>Its name.</summary>
    public string ObjectName(string machine) => ObjectNames.Pack(machine, Operation, Number);

    /// <summary>Whether it holds the data of a shard's delta.</summary>
    public bool Holds(string disk, int shard, DeltaKey key) => Members.Any(m =>
        m.Key == key && m.Shards.Contains(shard)
        && string.Equals(m.Disk, disk, StringComparison.Ordinal));

    /// <summary>Whether it is the same object, whatever is said of it.</summary>
    public bool IsSame(PackRecord other) =>
        Operation == other.Operation && Number == other.Number;

    /// <summary>What stays of it when some deltas go; itself when none of them is in it.</summary>
    public PackRecord Without(DeltaSet gone)
    {
        if (gone.Operation != Operation || !Members.Any(m => Overlaps(m, gone))) return this;
        var rest = new List<DeltaSet>();
        foreach (var member in Members)
        {
            if (!Overlaps(member, gone))
            {
                rest.Add(member);
                continue;
            }
            var shards = member.Shards.Where(s => !gone.Shards.Contains(s)).ToList();
            if (shards.Count > 0) rest.Add(member with { Shards = ShardRanges.Of(shards) });
        }
        return this with { Members = rest };
    }

    private static bool Overlaps(DeltaSet one, DeltaSet other) =>
        one.Key == other.Key && one.Shards.Overlaps(other.Shards)
        && string.Equals(one.Disk, other.Disk, StringComparison.Ordinal);
}
