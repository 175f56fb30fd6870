namespace SnapshotFunctions.Engine.Policies;

/// <summary>How often a version was read of late: a restore, or ten minutes of reading, is one
/// occasion; every week halves what was counted.</summary>
/// <param name="Version">The version.</param>
/// <param name="Count">The occasions as of <paramref name="Time"/>.</param>
/// <param name="Time">When they were counted last.</param>
public sealed record ReadRecord(int Version, int Count, DateTimeOffset Time)
{
    /// <summary>The most versions whose reads are kept: those that are read most.</summary>
    public const int MostRecords = 16;

    /// <summary>What is left of the count at a time.</summary>
    public int CountAt(DateTimeOffset now)
    {
        var weeks = Math.Clamp((now - Time).TotalDays / 7, 0, 31);
        return (int)Math.Round(Count / Math.Pow(2, weeks), MidpointRounding.AwayFromZero);
    }

    /// <summary>The records with some more occasions, ascending by version.</summary>
    public static IReadOnlyList<ReadRecord> Plus(
        IReadOnlyList<ReadRecord> records, IReadOnlyDictionary<int, int> more, DateTimeOffset now)
    {
        var counts = records.ToDictionary(r => r.Version, r => r.CountAt(now));
        foreach (var (version, count) in more)
            counts[version] = (int)Math.Min(
                int.MaxValue, (long)counts.GetValueOrDefault(version) + count);
        return
        [
            .. counts.Where(c => c.Value > 0)
                .OrderByDescending(c => c.Value).ThenByDescending(c => c.Key).Take(MostRecords)
                .Select(c => new ReadRecord(c.Key, c.Value, now)).OrderBy(r => r.Version),
        ];
    }
}
