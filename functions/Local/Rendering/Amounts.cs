using System.Globalization;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Writes sizes, rates and times for people.</summary>
internal static class Amounts
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A size with three digits that count, at most: <c>1.21 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 1000 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        var format = unit == 0 || bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>An amount of what a report counts.</summary>
    public static string Of(double amount, string unit) => unit is "bytes"
        ? Bytes(amount)
        : $"{amount.ToString("0.#", CultureInfo.InvariantCulture)} {unit}";

    /// <summary>How much of something: <c>3 of 20 shards</c>, <c>1.50 GiB of 4.00 GiB</c>.</summary>
    public static string Share(double done, double total, string unit) => unit is "bytes"
        ? $"{Bytes(done)} of {Bytes(total)}"
        : $"{done.ToString("0", CultureInfo.InvariantCulture)} of {Of(total, unit)}";

    /// <summary>A time as tables show it, in UTC.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The beginning of a fingerprint, enough to tell versions apart by eye.</summary>
    public static string Short(string fingerprint) => fingerprint[..12];
}
