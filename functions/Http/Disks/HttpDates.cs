using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Dates in the fields of HTTP (RFC 9110, 5.6.7): whole seconds of UTC.</summary>
internal static class HttpDates
{
    private static readonly string[] Formats =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
    ];

    /// <summary>The date as it is sent.</summary>
    public static string Text(DateTimeOffset time) =>
        time.ToString(Formats[0], CultureInfo.InvariantCulture);

    /// <summary>Without the part of a second that a field has no room for.</summary>
    public static DateTimeOffset Seconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>Reads a date in any of its three forms; null for anything else.</summary>
    /// <param name="field">The field.</param>
    /// <param name="now">Tells the century of a year of two digits: at most 50 years ahead.</param>
    public static DateTimeOffset? Parse(StringValues field, DateTimeOffset now)
    {
        if (field.Count != 1 || field[0] is not { } text) return null;
        // asctime fills a day of one digit with a blank.
        text = text.Trim(' ', '\t').Replace("  ", " ", StringComparison.Ordinal);
        if (!DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return null;
        return text.Contains('-', StringComparison.Ordinal) && time > now.AddYears(50)
            ? time.AddYears(-100) : time;
    }
}
