using Microsoft.Extensions.Primitives;

namespace SnapshotFunctions.Http.Disks;

/// <summary>The field Range of a request, read by the letter of RFC 9110, 14.2.</summary>
/// <param name="Specs">The ranges it names, in its order; at least one.</param>
internal sealed record RangeHeader(IReadOnlyList<RangeSpec> Specs)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads the field; null when it is to be ignored: it is not there, of another unit, or not as
    /// the grammar has it. Range is no list, so that two lines of it are malformed.
    /// </summary>
    public static RangeHeader? Parse(StringValues field)
    {
        if (field.Count != 1 || field[0] is not { } text) return null;
        // The value of a field has no white space around it; the unit is not told by case.
        text = text.Trim(' ', '\t');
        if (!text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = text.AsSpan(Unit.Length);
        if (rest.Length > 0 && rest[0] is ' ' or '\t') return null;
        var specs = new List<RangeSpec>();
        foreach (var part in rest.Split(','))
        {
            // A list may have empty elements, which a recipient passes over (5.6.1).
            var element = rest[part].Trim(" \t");
            if (element.IsEmpty) continue;
            if (ParseSpec(element) is not { } spec) return null;
            specs.Add(spec);
        }
        return specs.Count == 0 ? null : new RangeHeader(specs);
    }

    private static RangeSpec? ParseSpec(ReadOnlySpan<char> text)
    {
        var dash = text.IndexOf('-');
        if (dash < 0) return null;
        var before = text[..dash];
        var after = text[(dash + 1)..];
        if (before.IsEmpty)
            return Number(after) is { } length ? new RangeSpec(length, null, true) : null;
        if (Number(before) is not { } first) return null;
        if (after.IsEmpty) return new RangeSpec(first, null, false);
        return Number(after) is { } last && last >= first && Ascends(before, after)
            ? new RangeSpec(first, last, false) : null;
    }

    /// <summary>Of numbers that do not fit, the digits tell which is the larger.</summary>
    private static bool Ascends(ReadOnlySpan<char> first, ReadOnlySpan<char> last)
    {
        first = first.TrimStart('0');
        last = last.TrimStart('0');
        return first.Length != last.Length
            ? first.Length < last.Length : first.SequenceCompareTo(last) <= 0;
    }

    /// <summary>One digit or more; a number that does not fit is as good as the largest.</summary>
    private static long? Number(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty) return null;
        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '9') return null;
            value = value > (long.MaxValue - 9) / 10 ? long.MaxValue : (value * 10) + (digit - '0');
        }
        return value;
    }
}
