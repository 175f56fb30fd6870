using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using SnapshotFunctions.Http.Disks;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>The choice of ranges against a model that marks single bytes.</summary>
public sealed partial class RangeChoiceTests
{
    private const int MostRanges = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_field_is_read_as_a_model_of_single_bytes_reads_it(int seed)
    {
        var random = new Random(seed);
        var seen = new Dictionary<RangeVerdict, int>();
        var severals = 0;
        for (var round = 0; round < 25_000; round++)
        {
            var field = Field(random);
            var size = random.Next(0, 24);
            var choice = RangeChoice.Of(RangeHeader.Parse(field), size, MostRanges);
            var (verdict, ranges) = Model(field, size);
            Assert.True(
                verdict == choice.Verdict
                && ranges.SequenceEqual(choice.Ranges.Select(r => ((int)r.Offset, (int)r.End))),
                $"seed {seed}: '{field}' of {size} bytes: expected {verdict} "
                + $"{string.Join(' ', ranges)}, found {choice.Verdict} "
                + string.Join(' ', choice.Ranges));
            seen[verdict] = seen.GetValueOrDefault(verdict) + 1;
            if (ranges.Count > 1) severals++;
        }
        foreach (var verdict in Enum.GetValues<RangeVerdict>())
            Assert.InRange(seen.GetValueOrDefault(verdict), 500, int.MaxValue);
        Assert.InRange(severals, 500, int.MaxValue);
    }

    private static string Field(Random random)
    {
        var specs = Enumerable.Range(0, random.Next(1, MostRanges + 3)).Select(_ => Spec(random));
        var text = $"{(random.Next(20) == 0 ? "Bytes" : "bytes")}={string.Join(
            random.Next(4) == 0 ? " ,\t" : ",", specs)}";
        if (random.Next(5) > 0) return text;
        // One character is lost, doubled or another one.
        var at = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            _ => text.Remove(at, 1).Insert(at, "0-=,; x"[random.Next(7)].ToString()),
        };
    }

    private static string Spec(Random random)
    {
        var first = random.Next(0, 26);
        return random.Next(12) switch
        {
            < 5 => $"{first}-{first + random.Next(0, 10)}",
            < 7 => $"{first}-",
            < 9 => $"-{random.Next(0, 30)}",
            9 => $"{first}-99999999999999999999",
            10 => $"00{first}-0{first}",
            _ => random.Next(3) == 0 ? string.Empty : $"99999999999999999999-{new string('9', 21)}",
        };
    }

    /// <summary>The grammar as an expression, numbers without bounds, and a mark for each byte.</summary>
    private static (RangeVerdict, List<(int, int)>) Model(string field, int size)
    {
        if (!Grammar().IsMatch(field)) return (RangeVerdict.Whole, []);
        var specs = field[6..].Split(',').Select(s => s.Trim(' ', '\t')).Where(s => s.Length > 0)
            .ToList();
        if (specs.Exists(s => Pair(s) is { First: { } a, Last: { } b } && b < a))
            return (RangeVerdict.Whole, []);
        if (specs.Count > MostRanges) return (RangeVerdict.TooMany, []);
        if (!specs.Exists(s => Pair(s) is { First: { } a } ? a < size : Pair(s).Last > 0))
            return (RangeVerdict.NotSatisfiable, []);
        var marks = new int[size + 1];
        for (var i = specs.Count - 1; i >= 0; i--)
        {
            var (first, last) = Pair(specs[i]);
            for (var at = 0; at < size; at++)
                if (first is null ? at >= size - last : at >= first && (last is null || at <= last))
                    marks[at] = i + 1;
        }
        var ranges = new List<(int First, int End, int Place)>();
        for (var at = 0; at < size; at++)
        {
            if (marks[at] == 0) continue;
            var end = at;
            var place = int.MaxValue;
            // A run of marked bytes is one range: in it nothing is unmarked, so all touch.
            for (; marks[end] != 0; end++) place = Math.Min(place, marks[end]);
            ranges.Add((at, end, place));
            at = end;
        }
        return ranges.Count == 0
            ? (RangeVerdict.Whole, [])
            : (RangeVerdict.Partial, [.. ranges.OrderBy(r => r.Place).Select(r => (r.First, r.End))]);
    }

    private static (BigInteger? First, BigInteger? Last) Pair(string spec)
    {
        var parts = spec.Split('-');
        return (Number(parts[0]), Number(parts[1]));

        static BigInteger? Number(string text) => text.Length == 0
            ? null : BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    // The fields that are made end with a spec: blanks around the whole were taken off before.
    [GeneratedRegex(
        @"\A(?i:bytes)=(?![ \t])[ \t,]*(?:[0-9]+-[0-9]*|-[0-9]+)(?:[ \t]*,[ \t]*(?:[0-9]+-[0-9]*|-[0-9]+)?)*[ \t]*\z",
        RegexOptions.None, 1000)]
    private static partial Regex Grammar();
}
