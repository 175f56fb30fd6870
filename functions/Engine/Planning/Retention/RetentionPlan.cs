using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>
/// Which versions of a machine are kept and which expire, with reasons. Pure: it sees numbers,
/// times, the policy and the clock's time, and does no I/O; a dry run prints it.
/// </summary>
public sealed class RetentionPlan
{
    private RetentionPlan(IReadOnlyList<VersionMark> marks, string? halted) =>
        (Marks, Halted) = (marks, halted);

    /// <summary>Every version, ascending.</summary>
    public IReadOnlyList<VersionMark> Marks { get; }

    /// <summary>Why nothing expires at all, in words; null when the rules decide.</summary>
    public string? Halted { get; }

    /// <summary>The versions that expire, ascending.</summary>
    public IEnumerable<int> Expired => Marks.Where(m => !m.IsKept).Select(m => m.Version);

    /// <summary>Marks the versions of a machine.</summary>
    /// <param name="versions">All that can be restored, ascending.</param>
    /// <param name="keep">The rules; null keeps all.</param>
    /// <param name="pins">Who needs which version.</param>
    /// <param name="isHeld">Whether a legal hold lies on the machine: nothing expires.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="margins">The safety margins.</param>
    public static RetentionPlan Make(
        IReadOnlyList<RetainedVersion> versions, KeepSettings? keep,
        IReadOnlyList<PinRecord> pins, bool isHeld, DateTimeOffset now, RetentionMargins margins)
    {
        var reasons = versions.ToDictionary(v => v.Number, _ => new List<string>());
        var halted = HaltedBy(versions, keep, isHeld, now, margins);
        if (halted is not null)
        {
            foreach (var list in reasons.Values) list.Add(halted);
            return new RetentionPlan(Marked(versions, reasons), halted);
        }
        Margins(versions, reasons, now, margins);
        foreach (var pin in pins)
            if (reasons.TryGetValue(pin.Version, out var list)) list.Add($"pinned by {pin.Owner}");
        foreach (var version in versions.TakeLast(keep!.Last))
            reasons[version.Number].Add($"one of the last {keep.Last}");
        Within(versions, reasons, keep);
        foreach (var (period, count) in Periods(keep))
            ByCalendar(versions, reasons, period, count);
        return new RetentionPlan(Bounded(Marked(versions, reasons), margins), null);
    }

    /// <summary>The rules by the calendar that are on, with their counts.</summary>
    internal static IEnumerable<(CalendarPeriod Period, int Count)> Periods(KeepSettings keep) =>
        new[]
        {
            (CalendarPeriod.Hour, keep.Hourly), (CalendarPeriod.Day, keep.Daily),
            (CalendarPeriod.Week, keep.Weekly), (CalendarPeriod.Month, keep.Monthly),
            (CalendarPeriod.Year, keep.Yearly),
        }.Where(p => p.Item2 > 0);

    private static string? HaltedBy(
        IReadOnlyList<RetainedVersion> versions, KeepSettings? keep, bool isHeld,
        DateTimeOffset now, RetentionMargins margins)
    {
        if (isHeld) return "legal hold";
        if (keep is null || keep.KeepsAll) return "all are kept";
        return versions.Any(v => v.Time - now > margins.MostAhead)
            ? "a version's time lies in the future: a clock is wrong"
            : null;
    }

    private static void Margins(
        IReadOnlyList<RetainedVersion> versions, Dictionary<int, List<string>> reasons,
        DateTimeOffset now, RetentionMargins margins)
    {
        foreach (var version in versions.TakeLast(Math.Max(1, margins.NewestKept)))
            reasons[version.Number].Add("newest");
        foreach (var version in versions)
            if (now - version.Time < margins.YoungestExpiry) reasons[version.Number].Add("young");
    }

    private static void Within(
        IReadOnlyList<RetainedVersion> versions, Dictionary<int, List<string>> reasons,
        KeepSettings keep)
    {
        if (keep.WithinSeconds == 0 || versions.Count == 0) return;
        var newest = versions.Max(v => v.Time);
        foreach (var version in versions)
        {
            if (newest - version.Time <= TimeSpan.FromSeconds(keep.WithinSeconds))
                reasons[version.Number].Add("within the time that is kept");
        }
    }

    /// <summary>
    /// The newest version of each of the newest periods that have one. By time, not by number: a
    /// machine that was restored or whose clock was set back can have versions out of order.
    /// </summary>
    private static void ByCalendar(
        IReadOnlyList<RetainedVersion> versions, Dictionary<int, List<string>> reasons,
        CalendarPeriod period, int count)
    {
        var newest = new SortedDictionary<DateTimeOffset, RetainedVersion>();
        foreach (var version in versions)
        {
            var start = period.Start(version.Time);
            if (!newest.TryGetValue(start, out var other) || version.Time >= other.Time)
                newest[start] = version;
        }
        foreach (var (start, version) in newest.Reverse().Take(count))
            reasons[version.Number].Add($"{period.Word} {period.Text(start)}");
    }

    private static List<VersionMark> Marked(
        IReadOnlyList<RetainedVersion> versions, Dictionary<int, List<string>> reasons) =>
        [.. versions.Select(v => new VersionMark(v.Number, v.Time, reasons[v.Number]))];

    private static List<VersionMark> Bounded(List<VersionMark> marks, RetentionMargins margins)
    {
        var left = margins.MostExpired;
        for (var i = 0; i < marks.Count; i++)
        {
            // The oldest go first; the rest goes with the next runs.
            if (!marks[i].IsKept && left-- <= 0)
                marks[i] = marks[i] with { Reasons = ["left for the next run"] };
        }
        return marks;
    }
}
