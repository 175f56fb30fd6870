using Microsoft.AspNetCore.Http;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// The conditions of a GET or HEAD (RFC 9110, 13), weighed in the order of 13.2.2 against the state
/// that stands.
/// </summary>
internal static class Conditions
{
    /// <summary>What the conditions come to.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="tag">The tag of what stands; null where it has none, which nobody can name.</param>
    /// <param name="modified">When it came to be, in whole seconds; null when that says nothing.</param>
    /// <param name="now">The time.</param>
    public static ConditionVerdict Weigh(
        IHeaderDictionary headers, EntityTag? tag, DateTimeOffset? modified, DateTimeOffset now)
    {
        if (headers.IfMatch.Count > 0)
        {
            // A list that cannot be read names nothing that stands.
            if (!Names(headers.IfMatch.ToString()) && EntityTag.ParseList(headers.IfMatch)
                ?.Any(t => tag is { } mine && t.StronglyEquals(mine)) != true) return ConditionVerdict.Failed;
        }
        else if (HttpDates.Parse(headers.IfUnmodifiedSince, now) is { } unmodified
            && modified > unmodified)
        {
            return ConditionVerdict.Failed;
        }
        if (headers.IfNoneMatch.Count > 0)
        {
            return Names(headers.IfNoneMatch.ToString()) || EntityTag.ParseList(headers.IfNoneMatch)
                ?.Any(t => tag is { } mine && t.WeaklyEquals(mine)) == true
                ? ConditionVerdict.NotModified : ConditionVerdict.Proceed;
        }
        return HttpDates.Parse(headers.IfModifiedSince, now) is { } since && modified <= since
            ? ConditionVerdict.NotModified : ConditionVerdict.Proceed;
    }

    /// <summary>
    /// Whether the field Range counts (13.1.5): no If-Range, one with this very tag, strong, or
    /// with this very date. A date serves because what has one here never changes, so that it is
    /// no weaker than the tag.
    /// </summary>
    public static bool RangeCounts(
        IHeaderDictionary headers, EntityTag? tag, DateTimeOffset? modified, DateTimeOffset now)
    {
        if (headers.IfRange.Count == 0) return true;
        if (headers.IfRange.Count > 1) return false;
        var text = headers.IfRange.ToString().Trim(' ', '\t');
        if (EntityTag.Parse(text) is { } named)
            return tag is { } mine && named.StronglyEquals(mine);
        return HttpDates.Parse(headers.IfRange, now) is { } date && modified == date;
    }

    /// <summary>Whether it is the star that stands for whatever there is.</summary>
    private static bool Names(string field) =>
        string.Equals(field.Trim(' ', '\t'), "*", StringComparison.Ordinal);
}
