using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>What some work uses of a store: planned, or counted while it was done.</summary>
/// <param name="Lines">At most one line for each kind and tier, in their order; none is empty.</param>
[JsonConverter(typeof(UsageJsonConverter))]
public sealed record Usage(IReadOnlyList<UsageLine> Lines)
{
    /// <summary>Nothing.</summary>
    public static Usage None { get; } = new([]);

    /// <summary>One line.</summary>
    public static Usage Of(UsageKind kind, StorageTier tier, long count, long bytes) =>
        count == 0 && bytes == 0 ? None : new([new UsageLine(kind, tier, count, bytes)]);

    /// <summary>The sum of many.</summary>
    public static Usage Sum(IEnumerable<Usage> all) => new(
        [.. all.SelectMany(u => u.Lines)
            .GroupBy(l => (l.Kind, l.Tier))
            .OrderBy(g => g.Key)
            .Select(g => new UsageLine(
                g.Key.Kind, g.Key.Tier, g.Sum(l => l.Count), g.Sum(l => l.Bytes)))
            .Where(l => l.Count != 0 || l.Bytes != 0)]);

    /// <summary>The sum of this and another.</summary>
    public Usage Plus(Usage other) =>
        other.Lines.Count == 0 ? this : Lines.Count == 0 ? other : Sum([this, other]);

    /// <summary>How many of one kind, in all tiers.</summary>
    public long CountOf(UsageKind kind) => Lines.Where(l => l.Kind == kind).Sum(l => l.Count);

    /// <summary>How many bytes of one kind, in all tiers.</summary>
    public long BytesOf(UsageKind kind) => Lines.Where(l => l.Kind == kind).Sum(l => l.Bytes);
}
