using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>One version in a catalog.</summary>
internal sealed class CatalogEntry(VersionRecord record, VersionRole role)
{
    private readonly SortedDictionary<(string Placement, StorageTier Tier), (int, long)> _places = [];

    /// <summary>The version.</summary>
    public VersionRecord Record => record;

    /// <summary>What it plays in the chain.</summary>
    public VersionRole Role => role;

    /// <summary>Where its bytes lie: how many objects and bytes in each tier.</summary>
    public IEnumerable<(string Placement, StorageTier Tier, int Objects, long Bytes)> Places =>
        _places.Select(p => (p.Key.Placement, p.Key.Tier, p.Value.Item1, p.Value.Item2));

    /// <summary>Who needs it.</summary>
    public IReadOnlyList<PinRecord> Pins { get; init; } = [];

    /// <summary>When it is expected to expire; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Bytes stored for it.</summary>
    public long StoredBytes => _places.Values.Sum(p => p.Item2);

    /// <summary>The sizes of its disks together.</summary>
    public long SizeBytes => record.Disks.Sum(d => d.SizeBytes);

    /// <summary>Bytes in the sectors that it changed.</summary>
    public long ChangedBytes => record.Disks.Sum(d => d.ChangedBytes);

    /// <summary>Counts an object.</summary>
    public void Add(string placement, ObjectProperties item)
    {
        var (objects, bytes) = _places.GetValueOrDefault((placement, item.Tier));
        _places[(placement, item.Tier)] = (objects + 1, bytes + item.LengthBytes);
    }
}
