using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>
/// Which versions are kept: those that any of the rules keeps. A rule by the calendar keeps the
/// newest version of each of that many hours, days, weeks (from Monday), months or years that have
/// one, by UTC. 0 turns a rule off.
/// </summary>
public sealed record KeepSettings
{
    /// <summary>The most that any count may be.</summary>
    public const int MostCount = 100_000;

    /// <summary>The newest versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Last { get; init; }

    /// <summary>Hours of which the newest version is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Hourly { get; init; }

    /// <summary>Days of which the newest version is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Daily { get; init; }

    /// <summary>Weeks of which the newest version is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Weekly { get; init; }

    /// <summary>Months of which the newest version is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Monthly { get; init; }

    /// <summary>Years of which the newest version is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Yearly { get; init; }

    /// <summary>Versions at most this much older than the newest one, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long WithinSeconds { get; init; }

    /// <summary>
    /// What a new machine gets: two days by the hour, two weeks by the day, two months by the
    /// week, a year by the month, and ten years by the year; never fewer than three.
    /// </summary>
    public static KeepSettings Default { get; } = new()
    {
        Last = 3, Hourly = 48, Daily = 14, Weekly = 8, Monthly = 12, Yearly = 10,
    };

    /// <summary>The counts by their names in JSON.</summary>
    internal IEnumerable<(string Name, int Count)> Counts =>
    [
        ("last", Last), ("hourly", Hourly), ("daily", Daily), ("weekly", Weekly),
        ("monthly", Monthly), ("yearly", Yearly),
    ];

    /// <summary>Whether no rule is on: then nothing ever expires.</summary>
    [JsonIgnore]
    public bool KeepsAll =>
        this is
        {
            Last: 0, Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0, Yearly: 0, WithinSeconds: 0,
        };
}
