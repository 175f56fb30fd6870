using System.Globalization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>Times as people write them: <c>90s</c>, <c>10m</c>, <c>48h</c>, <c>14d</c>, <c>2w</c>.</summary>
public static class DurationText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Form = "a whole number with s, m, h, d or w, such as 10m or 14d";

    private const int MostDigits = 10;

    private static readonly (char Letter, long Seconds)[] Units =
        [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Reads seconds; null when it is no such time. A bare 0 needs no unit.</summary>
    public static long? Parse(string text)
    {
        if (text is "0") return 0;
        if (text.Length is < 2 or > MostDigits + 1
            || Array.Find(Units, u => u.Letter == text[^1]) is not { Seconds: > 0 } unit
            || !long.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number)) return null;
        return number * unit.Seconds;
    }

    /// <summary>Writes seconds by the largest unit up to days that divides them.</summary>
    public static string Write(long seconds)
    {
        if (seconds == 0) return "0s";
        var (letter, length) = Array.Find(
            Units, u => u.Letter != 'w' && seconds % u.Seconds == 0);
        return $"{seconds / length}{letter}";
    }
}
