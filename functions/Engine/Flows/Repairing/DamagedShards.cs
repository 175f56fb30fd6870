using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using DiskShards = SnapshotFunctions.Engine.Steps.Phases.DiskShards;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>Which shards findings are about.</summary>
public static class DamagedShards
{
    /// <summary>The shards whose objects are damaged or lost, by disk.</summary>
    public static IReadOnlyList<DiskShards> Of(string machine, IEnumerable<Finding> findings) =>
    [
        .. findings.Where(f => f.Severity == FindingSeverity.Error)
            .Select(f => Parse(machine, f.Object)).OfType<ShardKey>().Distinct()
            .GroupBy(s => s.Disk, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new DiskShards(
                g.Key, ShardRanges.Of(g.Select(s => s.Shard).Order()).ToString())),
    ];

    private static ShardKey? Parse(string machine, string name)
    {
        var parts = name.Split('/');
        return parts is ["machines", var of, "disks", var disk, var shard, ..]
            && string.Equals(of, machine, StringComparison.Ordinal)
            && int.TryParse(
                shard, System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new ShardKey(machine, disk, number) : null;
    }
}
