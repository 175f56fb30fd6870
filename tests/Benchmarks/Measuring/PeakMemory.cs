using System.Globalization;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>The most memory that this process had since a moment; known on Linux alone.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Gives back what nobody uses, and begins anew.</summary>
    public static void Reset()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // 5: the peak becomes what there is now.
        if (File.Exists(Status)) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    /// <summary>The peak since then; 0 where nobody tells.</summary>
    public static long Read()
    {
        if (!File.Exists(Status)) return 0;
        var line = File.ReadLines(Status)
            .First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture) << 10;
    }
}
