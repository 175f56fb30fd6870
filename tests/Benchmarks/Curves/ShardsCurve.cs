using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Memory;

namespace SnapshotFunctions.Benchmarks.Curves;

/// <summary>
/// The same bytes in one shard or in two, which are worked on side by side where there are two
/// processors.
/// </summary>
internal static class ShardsCurve
{
    private const int DataClusters = 16_384;

    /// <summary>Draws the curve.</summary>
    public static Task RunAsync(WorkFolder folder) =>
        RunAsync(folder, "shards", DataClusters, [1, 2]);

    /// <summary>Runs every command once and tells nothing: the first pays for compilation.</summary>
    public static async Task WarmAsync(WorkFolder folder)
    {
        var shown = Console.Out;
        Console.SetOut(TextWriter.Null);
        await RunAsync(folder, "warm", 1024, [1]);
        Console.SetOut(shown);
    }

    private static async Task RunAsync(
        WorkFolder folder, string name, int dataClusters, IReadOnlyList<int> counts)
    {
        var table = new MarkdownTable(
            "Shards worked on in parallel; 1 GiB in all, of which 256 MiB change", 2,
            ["shards", "command", .. MarkdownTable.CostColumns]);
        foreach (var shards in counts)
        {
            // Data lies at the beginning and in the middle of the disk: of 1 GiB, or of 16 GiB.
            var diskBytes = shards == 1 ? 1L << 30 : 16L << 30;
            var bench = new CommandBench(() => folder.OpenStoreAsync($"{name}-{shards}"), "vm");
            var full = await folder.WriteAsync(new ScatteredImage(
                $"{name}-full.qcow2", 2, dataClusters / 2, 1, diskBytes));
            var overlay = await folder.WriteAsync(new ScatteredImage(
                $"{name}-overlay.qcow2", 2, dataClusters / 8, 2, diskBytes));
            await bench.CreateAsync(BaseRuleSettings.Keep);
            table.Add($"{shards}", "ingest the first", await bench.IngestAsync(full));
            table.Add($"{shards}", "ingest the overlay", await bench.IngestAsync(overlay));
            table.Add($"{shards}", "move base", await bench.MoveAsync(2));
            var target = folder.Of($"{name}.raw");
            table.Add($"{shards}", "restore the newest", await bench.RestoreAsync(2, target));
            table.Add($"{shards}", "restore the first", await bench.RestoreAsync(1, target));
            table.Add($"{shards}", "mount the first", await bench.MountAsync(1, folder.Path));
            foreach (var path in new[] { full, overlay, target }) File.Delete(path);
        }
    }
}
