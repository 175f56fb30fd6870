using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// An immutable set of shard numbers, kept as ranges that neither meet nor overlap. Its text is
/// <c>0-3,7,9-12</c>; the empty set's is empty. Enumerates the numbers, ascending.
/// </summary>
[JsonConverter(typeof(ShardRangesJsonConverter))]
public sealed class ShardRanges : IEnumerable<int>, IEquatable<ShardRanges>
{
    /// <summary>The highest shard number that an object's name has room for.</summary>
    public const int MaxShard = 999_999;

    /// <summary>The most ranges that a text may have.</summary>
    public const int MaxRanges = 65_536;

    private readonly (int First, int Last)[] _ranges;

    private ShardRanges((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        foreach (var (first, last) in ranges) Count += last - first + 1;
    }

    /// <summary>The set without numbers.</summary>
    public static ShardRanges Empty { get; } = new([]);

    /// <summary>How many shards it holds.</summary>
    public int Count { get; }

    /// <summary>How many ranges it is made of.</summary>
    public int RangeCount => _ranges.Length;

    /// <summary>Whether it holds no shard.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The set of some numbers, in any order, repeated or not.</summary>
    public static ShardRanges Of(params IEnumerable<int> shards) =>
        FromSorted(shards.Select(s => (Checked(s), s)).Order());

    /// <summary>The set of all numbers from the first to the last, both in it.</summary>
    public static ShardRanges Range(int first, int last) => first <= last
        ? new([(Checked(first), Checked(last))])
        : throw new ArgumentOutOfRangeException(nameof(last), last, "The last is below the first.");

    /// <summary>Reads the text form, which must be exactly as this type writes it.</summary>
    /// <exception cref="FormatException">The text is no such set.</exception>
    public static ShardRanges Parse(string text)
    {
        if (text.Length == 0) return Empty;
        var source = text.AsSpan();
        if (source.Count(',') >= MaxRanges)
            throw new FormatException($"A set of shards has at most {MaxRanges} ranges.");
        var ranges = new List<(int First, int Last)>();
        foreach (var part in source.Split(','))
        {
            var range = ParseRange(source[part]);
            // A gap of at least one number: else there were two texts for one set.
            if (ranges.Count > 0 && range.First <= ranges[^1].Last + 1)
                throw new FormatException($"Range {range.First} does not rise above the one before.");
            ranges.Add(range);
        }
        return new([.. ranges]);
    }

    /// <summary>Whether a shard is in it.</summary>
    public bool Contains(int shard)
    {
        var low = 0;
        var high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (shard < _ranges[middle].First) high = middle - 1;
            else if (shard > _ranges[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>Whether any shard is in both.</summary>
    public bool Overlaps(ShardRanges other)
    {
        var (i, j) = (0, 0);
        while (i < _ranges.Length && j < other._ranges.Length)
        {
            if (_ranges[i].Last < other._ranges[j].First) i++;
            else if (other._ranges[j].Last < _ranges[i].First) j++;
            else return true;
        }
        return false;
    }

    /// <summary>The shards of either.</summary>
    public ShardRanges Union(ShardRanges other) =>
        FromSorted(_ranges.Concat(other._ranges).Order());

    /// <summary>
    /// A set of at most this many ranges that holds all of these shards and, across the narrowest
    /// gaps, some more: what an operation <em>may</em> create can be said coarsely.
    /// </summary>
    public ShardRanges Coarsened(int mostRanges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRanges, 1);
        if (_ranges.Length <= mostRanges) return this;
        // The widest gaps stay open; of equal ones those at lower numbers, so that it is one answer.
        var open = Enumerable.Range(1, _ranges.Length - 1)
            .OrderByDescending(i => _ranges[i].First - _ranges[i - 1].Last)
            .ThenBy(i => i)
            .Take(mostRanges - 1)
            .ToHashSet();
        var merged = new List<(int First, int Last)> { _ranges[0] };
        for (var i = 1; i < _ranges.Length; i++)
        {
            if (open.Contains(i)) merged.Add(_ranges[i]);
            else merged[^1] = (merged[^1].First, _ranges[i].Last);
        }
        return new([.. merged]);
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator()
    {
        foreach (var (first, last) in _ranges)
        {
            for (var shard = first; shard <= last; shard++) yield return shard;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ShardRanges? other) =>
        other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShardRanges);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var range in _ranges) hash.Add(range);
        return hash.ToHashCode();
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(first);
            if (last > first) text.Append('-').Append(last);
        }
        return text.ToString();
    }

    private static ShardRanges FromSorted(IEnumerable<(int First, int Last)> sorted)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var (first, last) in sorted)
        {
            if (ranges.Count > 0 && first <= ranges[^1].Last + 1)
                ranges[^1] = (ranges[^1].First, Math.Max(ranges[^1].Last, last));
            else
                ranges.Add((first, last));
        }
        return ranges.Count == 0 ? Empty : new([.. ranges]);
    }

    private static (int First, int Last) ParseRange(ReadOnlySpan<char> part)
    {
        var dash = part.IndexOf('-');
        if (dash < 0) return (ParseShard(part), ParseShard(part));
        var (first, last) = (ParseShard(part[..dash]), ParseShard(part[(dash + 1)..]));
        return first < last
            ? (first, last)
            : throw new FormatException($"The range '{part}' does not rise.");
    }

    private static int ParseShard(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 6 && (text.Length == 1 || text[0] != '0')
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            ? shard
            : throw new FormatException($"Expected a shard from 0 to {MaxShard}, found '{text}'.");

    private static int Checked(int shard) => shard is >= 0 and <= MaxShard
        ? shard
        : throw new ArgumentOutOfRangeException(
            nameof(shard), shard, $"A shard's number is 0 to {MaxShard}.");
}
