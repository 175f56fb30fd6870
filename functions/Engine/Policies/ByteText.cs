using System.Globalization;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>Amounts of bytes as people write them: <c>10GB</c>, <c>512MiB</c>.</summary>
public static class ByteText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Form = "a number with B, KB, MB, GB, TB, KiB, MiB, GiB or TiB";

    // The largest that divides an amount writes it, so the order is by size.
    private static readonly (string Word, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("TB", 1_000_000_000_000), ("GiB", 1L << 30), ("GB", 1_000_000_000),
        ("MiB", 1L << 20), ("MB", 1_000_000), ("KiB", 1L << 10), ("KB", 1_000), ("B", 1),
    ];

    /// <summary>Reads an amount; null when it is none.</summary>
    public static long? Parse(string text)
    {
        foreach (var (word, bytes) in Units)
        {
            if (!text.EndsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
            return long.TryParse(
                text.AsSpan(0, text.Length - word.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / bytes ? number * bytes : null;
        }
        return null;
    }

    /// <summary>Writes an amount by the largest unit that divides it.</summary>
    public static string Write(long bytes)
    {
        var unit = Array.Find(Units, u => bytes != 0 && bytes % u.Bytes == 0);
        return unit.Word is null ? "0B" : $"{bytes / unit.Bytes}{unit.Word}";
    }
}
