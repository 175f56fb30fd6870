using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>Collects what the repair of one shard has mended and what it could not.</summary>
internal sealed class Repairs(ShardChain chain)
{
    private readonly List<string> _repaired = [];
    private readonly List<Finding> _lost = [];

    public void Mend(string objectName, string from) => _repaired.Add($"{objectName}: {from}");

    /// <summary>Tells of a whole object.</summary>
    public void Lose(string objectName, string why, IEnumerable<VersionMark> affected) =>
        _lost.Add(new Finding(
            FindingSeverity.Error, objectName, "the whole object", why,
            VersionMark.Text([.. affected])));

    /// <summary>Tells of some blocks, as ranges of the disk.</summary>
    public void Lose(
        string objectName, IEnumerable<int> blocks, string why, IEnumerable<VersionMark> affected)
    {
        var layout = chain.Layout;
        var start = chain.Shard.Shard * layout.ShardBytes;
        var ranges = new List<string>();
        var all = blocks.Distinct().Order().ToList();
        for (var i = 0; i < all.Count;)
        {
            var last = i;
            while (last + 1 < all.Count && all[last + 1] == all[last] + 1) last++;
            ranges.Add($"{start + ((long)all[i] * layout.BlockBytes)} to "
                + $"{start + ((long)(all[last] + 1) * layout.BlockBytes)}");
            i = last + 1;
        }
        var told = string.Join(", ", ranges.Take(8)) + (ranges.Count > 8 ? " ..." : string.Empty);
        _lost.Add(new Finding(
            FindingSeverity.Error, objectName, $"bytes {told} of disk '{chain.Shard.Disk}'", why,
            VersionMark.Text([.. affected])));
    }

    public RepairTally Close() => new()
    {
        Shards = 1,
        Repaired = _repaired.Count,
        Lost = _lost.Count,
        Repairs = [.. _repaired.Take(40)],
        Losses = CheckTally.Bounded(_lost),
    };
}
