using SnapshotFunctions.AzureStore;
using SnapshotFunctions.AzuriteTests;
using SnapshotFunctions.Benchmarks.Curves;
using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Memory;

namespace SnapshotFunctions.Benchmarks.Stores;

/// <summary>
/// How many requests are in flight when a disk of 1 GiB, half of which compresses, goes to a store
/// behind a network and comes back.
/// </summary>
internal static class StoreRuns
{
    private const double StreamBytesPerSecond = 60e6;
    private const long DiskBytes = 1L << 30;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs against the stores that are wanted; both where none is named.</summary>
    public static async Task RunAsync(WorkFolder folder, IReadOnlyList<string> wanted)
    {
        await ShardsCurve.WarmAsync(folder);
        if (wanted.Count == 0 || wanted.Contains("azurite", StringComparer.Ordinal))
            await RunAzuriteAsync(folder);
        if (wanted.Count == 0 || wanted.Contains("far", StringComparer.Ordinal))
            await RunFarAsync(folder);
    }

    private static async Task RunAzuriteAsync(WorkFolder folder)
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        try
        {
            await RunAsync(
                folder, "Azurite, in memory on this machine",
                async () =>
                {
                    var placements = await AzurePlacements.OpenAsync(azurite.First);
                    return new OpenStore(placements.Base, placements.Delta, null);
                });
        }
        finally
        {
            await azurite.DisposeAsync();
        }
    }

    private static Task RunFarAsync(WorkFolder folder) =>
        RunAsync(
            folder, "A store that is far away: 20 ms an operation, 60 MB/s a stream",
            async () =>
            {
                var store = await folder.OpenStoreAsync("far");
                return store with
                {
                    Base = new FarStore(store.Base, Latency, StreamBytesPerSecond),
                    Delta = new FarStore(store.Delta, Latency, StreamBytesPerSecond),
                    // Else the engine would cut its work for a store beside it.
                    Folder = null,
                };
            });

    private static async Task RunAsync(
        WorkFolder folder, string title, Func<Task<OpenStore>> open)
    {
        var table = new MarkdownTable(
            title, 1,
            [
                "command", .. MarkdownTable.CostColumns, "reads in flight", "most",
                "writes in flight", "most",
            ]);
        var bench = new CommandBench(open, "vm");
        await bench.CreateAsync(BaseRuleSettings.Keep);
        for (var generation = 1; generation <= 2; generation++)
        {
            var image = await folder.WriteAsync(new ScatteredImage(
                $"disk-{generation}.qcow2", 2, 8192, generation, DiskBytes));
            Add(generation == 1 ? "ingest" : "ingest, all changed", await bench.IngestAsync(image));
            File.Delete(image);
        }
        var target = folder.Of("disk.raw");
        Add("restore from the base", await bench.RestoreAsync(1, target));
        Add("move base", await bench.MoveAsync(2));
        Add("restore from a delta", await bench.RestoreAsync(1, target));
        Add("restore as qcow2", await bench.RestoreAsync(2, folder.Of("disk.qcow2"), "qcow2"));
        File.Delete(target);

        void Add(string command, Measured measured)
        {
            var (reads, writes) = (measured.Requests.Reads, measured.Requests.Writes);
            table.Add(
            [
                command, .. MarkdownTable.Cells(measured), $"{reads.Mean:F1}", $"{reads.Most}",
                $"{writes.Mean:F1}", $"{writes.Most}",
            ]);
        }
    }
}
