using System.Globalization;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Local.Serving;

/// <summary>When a serving process looks after its machines.</summary>
/// <param name="At">The time of day, by UTC.</param>
/// <param name="Every">From one time to the next; a whole part of a day.</param>
internal sealed record UpkeepSetting(TimeSpan At, TimeSpan Every)
{
    /// <summary>Every night at two.</summary>
    public const string Default = "02:00";

    private const string Off = "off";

    /// <summary>Reads a setting; null stands for never. False when it is none.</summary>
    public static bool TryParse(string? text, out UpkeepSetting? setting)
    {
        setting = null;
        if (text is Off) return true;
        var parts = (text ?? string.Empty).Split('/');
        if (parts.Length > 2 || !TimeOnly.TryParseExact(
            parts[0], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return false;
        var seconds = parts.Length == 1 ? 86_400 : DurationText.Parse(parts[1]);
        // Whole parts of a day keep their times of day.
        if (seconds is not (>= 3600 and <= 86_400) || 86_400 % seconds != 0) return false;
        setting = new UpkeepSetting(at.ToTimeSpan(), TimeSpan.FromSeconds(seconds.Value));
        return true;
    }

    /// <summary>The latest time that has come.</summary>
    public DateTimeOffset SlotAt(DateTimeOffset now)
    {
        var since = (now.UtcDateTime - DateTime.UnixEpoch - At).Ticks;
        return DateTimeOffset.UnixEpoch + At + TimeSpan.FromTicks(since - (since % Every.Ticks));
    }
}
