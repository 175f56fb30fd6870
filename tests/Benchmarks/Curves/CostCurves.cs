using SnapshotFunctions.Benchmarks.Measuring;

namespace SnapshotFunctions.Benchmarks.Curves;

/// <summary>Time, store operations and bytes of commands, each curve varying one thing.</summary>
internal static class CostCurves
{
    private static readonly (string Name, Func<WorkFolder, Task> Run)[] All =
    [
        ("bytes", ChangedBytesCurve.RunAsync),
        ("sizes", DiskSizeCurve.RunAsync),
        ("versions", VersionsCurve.RunAsync),
        ("shards", ShardsCurve.RunAsync),
    ];

    /// <summary>Draws the curves that are wanted; all of them where none is named.</summary>
    public static async Task RunAsync(WorkFolder folder, IReadOnlyList<string> wanted)
    {
        await ShardsCurve.WarmAsync(folder);
        foreach (var (name, run) in All)
            if (wanted.Count == 0 || wanted.Contains(name, StringComparer.Ordinal))
                await run(folder);
    }
}
