using System.Globalization;
using SnapshotFunctions.Engine.Planning.Retention;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>
/// Draws when the versions that are kept were taken: a month a line, a day a character (how many of
/// it are kept, + for more than nine); years that have one or two months left on one line.
/// </summary>
public static class KeptCalendar
{
    private const int MonthsDrawn = 13;

    /// <summary>The lines, none longer than 60 characters, oldest first.</summary>
    /// <param name="versions">The versions.</param>
    /// <param name="end">The day that it is drawn for.</param>
    public static IReadOnlyList<string> Draw(
        IReadOnlyList<RetainedVersion> versions, DateTimeOffset end)
    {
        var lines = new List<string>();
        var first = CalendarPeriod.Month.Start(end).AddMonths(1 - MonthsDrawn);
        foreach (var year in versions.Where(v => v.Time < first)
            .GroupBy(v => v.Time.UtcDateTime.Year).OrderBy(g => g.Key))
        {
            var months = string.Concat(Enumerable.Range(1, 12).Select(
                m => Mark(year.Count(v => v.Time.UtcDateTime.Month == m)).PadLeft(2)));
            lines.Add(Line($"{year.Key}", $"by month{months}", year.Count()));
        }
        lines.Add($"         {Ruler()}  kept");
        for (var month = first; month <= end; month = month.AddMonths(1))
        {
            var days = new int[32];
            foreach (var version in versions)
                if (CalendarPeriod.Month.Start(version.Time) == month)
                    days[version.Time.UtcDateTime.Day]++;
            var length = DateTime.DaysInMonth(month.Year, month.Month);
            lines.Add(Line(
                month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
                string.Concat(Enumerable.Range(1, length).Select(d => Mark(days[d]))), days.Sum()));
        }
        return lines;
    }

    private static string Line(string name, string marks, int kept) =>
        $"{name,-7}  {marks,-31}  {kept,4}";

    private static string Ruler() => string.Concat(Enumerable.Range(1, 31).Select(
        d => d % 10 == 0 ? $"{d / 10}" : d % 5 == 0 ? "5" : "."));

    private static string Mark(int count) => count switch
    {
        0 => ".",
        < 10 => count.ToString(CultureInfo.InvariantCulture),
        _ => "+",
    };
}
