using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Which bytes a request is answered with.</summary>
internal sealed record RangeChoice
{
    private RangeChoice(IReadOnlyList<ByteRange> ranges, RangeVerdict verdict) =>
        (Ranges, Verdict) = (ranges, verdict);

    /// <summary>The ranges: none for the whole; they neither overlap nor touch.</summary>
    public IReadOnlyList<ByteRange> Ranges { get; }

    /// <summary>How the request is answered.</summary>
    public RangeVerdict Verdict { get; }

    /// <summary>The whole of the disk.</summary>
    public static RangeChoice Whole { get; } = new([], RangeVerdict.Whole);

    /// <summary>
    /// Chooses. Of several ranges those that overlap or touch are merged, into the place of the one
    /// that was named first (15.3.7.2), so that no answer is longer than the disk; others keep
    /// their order. More ranges than are taken are rejected as 15.5.17 has it: an excessive request
    /// of small ranges.
    /// </summary>
    public static RangeChoice Of(RangeHeader? header, long sizeBytes, int mostRanges)
    {
        if (header is null) return Whole;
        if (header.Specs.Count > mostRanges) return new([], RangeVerdict.TooMany);
        var found = new List<(ByteRange Range, int Place)>();
        var satisfiable = false;
        for (var i = 0; i < header.Specs.Count; i++)
        {
            satisfiable |= header.Specs[i].IsSatisfiable(sizeBytes);
            if (header.Specs[i].Of(sizeBytes) is { } range) found.Add((range, i));
        }
        if (found.Count > 0) return new(Merged(found), RangeVerdict.Partial);
        return satisfiable ? Whole : new([], RangeVerdict.NotSatisfiable);
    }

    private static ByteRange[] Merged(List<(ByteRange Range, int Place)> found)
    {
        found.Sort((a, b) => a.Range.Offset.CompareTo(b.Range.Offset));
        var merged = new List<(ByteRange Range, int Place)>();
        foreach (var (range, place) in found)
        {
            if (merged.Count > 0 && range.Offset <= merged[^1].Range.End)
            {
                var (before, at) = merged[^1];
                merged[^1] = (
                    before with { End = Math.Max(before.End, range.End) }, Math.Min(at, place));
                continue;
            }
            merged.Add((range, place));
        }
        merged.Sort((a, b) => a.Place.CompareTo(b.Place));
        return [.. merged.Select(m => m.Range)];
    }
}
