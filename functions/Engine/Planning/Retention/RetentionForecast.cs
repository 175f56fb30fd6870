using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>
/// When a version is going to expire if snapshots go on coming at a pace: what tiering and the
/// choice of a base look at before they move bytes that are about to go. An estimate, early rather
/// than late: a period without a snapshot keeps a version longer than it says.
/// </summary>
public static class RetentionForecast
{
    /// <summary>When a version expires; null for never.</summary>
    /// <param name="version">The version.</param>
    /// <param name="versions">All that can be restored, ascending.</param>
    /// <param name="keep">The rules; null keeps all.</param>
    /// <param name="isPinned">Whether it is pinned or held.</param>
    /// <param name="pace">The usual time from one snapshot to the next.</param>
    public static DateTimeOffset? ExpiryOf(
        RetainedVersion version, IReadOnlyList<RetainedVersion> versions, KeepSettings? keep,
        bool isPinned, TimeSpan pace)
    {
        if (isPinned || keep is null || keep.KeepsAll) return null;
        var later = versions.Count(v => v.Number > version.Number);
        // Kept at least until another one takes the place of the newest.
        var end = version.Time + pace;
        if (keep.Last > 0)
            end = Latest(end, LastTime(versions) + ((keep.Last - later) * pace));
        if (keep.WithinSeconds > 0)
            end = Latest(end, version.Time + TimeSpan.FromSeconds(keep.WithinSeconds) + pace);
        foreach (var (period, count) in RetentionPlan.Periods(keep))
        {
            if (StandsFor(version, versions, period, pace))
                end = Latest(end, After(period, version.Time, count));
        }
        return end;
    }

    /// <summary>Whether it is, and will be, the newest version of its period.</summary>
    private static bool StandsFor(
        RetainedVersion version, IReadOnlyList<RetainedVersion> versions, CalendarPeriod period,
        TimeSpan pace)
    {
        var start = period.Start(version.Time);
        var end = period.End(start);
        foreach (var other in versions)
        {
            if (other.Number != version.Number && other.Time >= start && other.Time < end
                && (other.Time > version.Time
                    || (other.Time == version.Time && other.Number > version.Number)))
                return false;
        }
        // Another one is to come within the period while it is not over.
        return LastTime(versions) >= end || LastTime(versions) + pace >= end;
    }

    private static DateTimeOffset After(CalendarPeriod period, DateTimeOffset time, int count)
    {
        var at = period.Start(time);
        for (var i = 0; i < count; i++)
        {
            if (at.Year >= 9000) break;
            at = period.End(at);
        }
        return at;
    }

    private static DateTimeOffset LastTime(IReadOnlyList<RetainedVersion> versions) =>
        versions.Max(v => v.Time);

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;
}
