namespace SnapshotFunctions.Engine.Planning.Retention;

/// <summary>How often snapshots come, judged by those that came.</summary>
public static class SnapshotPace
{
    /// <summary>What is supposed of a machine that has not two versions yet.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromDays(1);

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The usual time from one snapshot to the next: the median of the newest ones, so that a
    /// machine which was off for a month, or two snapshots at once, say nothing.
    /// </summary>
    public static TimeSpan Of(IReadOnlyList<RetainedVersion> versions)
    {
        const int Newest = 65;
        var times = versions.Skip(versions.Count - Newest).Select(v => v.Time).Order().ToList();
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).Where(g => g >= Least).Order().ToList();
        return gaps.Count == 0 ? Default : gaps[gaps.Count / 2];
    }
}
