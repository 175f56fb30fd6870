using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Memory;

namespace SnapshotFunctions.Benchmarks.Curves;

/// <summary>One disk of 1 GiB, full of data; overlays of 0 bytes to 1 GiB are laid on it.</summary>
internal static class ChangedBytesCurve
{
    private const long DiskBytes = 1L << 30;
    private const int ClustersPerTable = 8192;

    /// <summary>Draws the curve.</summary>
    public static async Task RunAsync(WorkFolder folder)
    {
        var table = new MarkdownTable(
            "Changed bytes, of a disk of 1 GiB", 2,
            ["overlay", "command", .. MarkdownTable.CostColumns]);
        var bench = new CommandBench(() => folder.OpenStoreAsync("bytes"), "vm");
        await bench.CreateAsync(BaseRuleSettings.Keep);
        var target = folder.Of("bytes.raw");
        await IngestAsync(folder, bench, 2 * ClustersPerTable, 1);
        await bench.RestoreAsync(1, target);
        var version = 1;
        foreach (var (size, clusters) in new[]
        {
            ("0", 0), ("1 MiB", 16), ("16 MiB", 256), ("256 MiB", 4096), ("1 GiB", 16_384),
        })
        {
            version++;
            table.Add(size, "ingest", await IngestAsync(folder, bench, clusters, version));
            table.Add(size, "move base", await bench.MoveAsync(version));
            table.Add(
                size, "restore onto the version before",
                await bench.RestoreOntoAsync(version - 1, version, target));
            table.Add(size, "mount the version before",
                await bench.MountAsync(version - 1, folder.Path));
        }
    }

    private static async Task<Measured> IngestAsync(
        WorkFolder folder, CommandBench bench, int clusters, int generation)
    {
        var tables = Math.Max(1, clusters / ClustersPerTable);
        var path = await folder.WriteAsync(new ScatteredImage(
            $"bytes-{generation}.qcow2", tables, clusters / tables, generation, DiskBytes));
        var measured = await bench.IngestAsync(path);
        File.Delete(path);
        return measured;
    }
}
