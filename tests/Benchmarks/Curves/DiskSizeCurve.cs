using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Memory;

namespace SnapshotFunctions.Benchmarks.Curves;

/// <summary>Disks of 1 GiB to 64 TiB that hold 64 MiB, of which an overlay changes 1 MiB.</summary>
internal static class DiskSizeCurve
{
    private const int DataClusters = 1024;
    private const int ChangedClusters = 16;

    /// <summary>Draws the curve.</summary>
    public static async Task RunAsync(WorkFolder folder)
    {
        var table = new MarkdownTable(
            "Size of the disk; it holds 64 MiB, of which 1 MiB changes", 2,
            ["disk", "command", .. MarkdownTable.CostColumns]);
        foreach (var (size, gib) in new[]
        {
            ("1 GiB", 1), ("16 GiB", 16), ("256 GiB", 256), ("4 TiB", 4096), ("64 TiB", 65_536),
        })
        {
            var bench = new CommandBench(() => folder.OpenStoreAsync($"size-{gib}"), "vm");
            var full = await folder.WriteAsync(new ScatteredImage(
                $"full-{gib}.qcow2", 1, DataClusters, 1, (long)gib << 30));
            var overlay = await folder.WriteAsync(new ScatteredImage(
                $"overlay-{gib}.qcow2", 1, ChangedClusters, 2, (long)gib << 30));
            await bench.CreateAsync(BaseRuleSettings.Keep);
            table.Add(size, "ingest the first", await bench.IngestAsync(full));
            table.Add(size, "ingest the overlay", await bench.IngestAsync(overlay));
            table.Add(size, "move base", await bench.MoveAsync(2));
            var target = folder.Of("sizes.qcow2");
            table.Add(
                size, "restore the first (qcow2)", await bench.RestoreAsync(1, target, "qcow2"));
            table.Add(size, "mount the first", await bench.MountAsync(1, folder.Path));
            foreach (var path in new[] { full, overlay, target }) File.Delete(path);
        }
    }
}
