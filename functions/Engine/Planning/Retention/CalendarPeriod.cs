using System.Globalization;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>A period of the calendar, by UTC.</summary>
/// <param name="Word">The rule it is for, as a policy names it.</param>
/// <param name="Start">When the period that a time lies in begins.</param>
/// <param name="End">When the period that begins at a time ends.</param>
/// <param name="Text">How the period that begins at a time is called.</param>
public sealed record CalendarPeriod(
    string Word, Func<DateTimeOffset, DateTimeOffset> Start,
    Func<DateTimeOffset, DateTimeOffset> End, Func<DateTimeOffset, string> Text)
{
    /// <summary>Hours.</summary>
    public static CalendarPeriod Hour { get; } = new(
        "hourly", t => new(t.UtcDateTime.Date.AddHours(t.UtcDateTime.Hour), TimeSpan.Zero),
        t => t.AddHours(1), t => t.ToString("yyyy-MM-dd HH'h'", CultureInfo.InvariantCulture));

    /// <summary>Days.</summary>
    public static CalendarPeriod Day { get; } = new(
        "daily", t => new(t.UtcDateTime.Date, TimeSpan.Zero), t => t.AddDays(1),
        t => t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>Weeks, from Monday.</summary>
    public static CalendarPeriod Week { get; } = new(
        "weekly", t => Day.Start(t).AddDays(-(((int)t.UtcDateTime.DayOfWeek + 6) % 7)),
        t => t.AddDays(7),
        t => $"{ISOWeek.GetYear(t.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(t.UtcDateTime):D2}");

    /// <summary>Months.</summary>
    public static CalendarPeriod Month { get; } = new(
        "monthly", t => new(t.UtcDateTime.Year, t.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero),
        t => t.AddMonths(1), t => t.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    /// <summary>Years.</summary>
    public static CalendarPeriod Year { get; } = new(
        "yearly", t => new(t.UtcDateTime.Year, 1, 1, 0, 0, 0, TimeSpan.Zero),
        t => t.AddYears(1), t => t.ToString("yyyy", CultureInfo.InvariantCulture));
}
