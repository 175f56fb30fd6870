using System.Security.Cryptography;
using SnapshotFunctions.Benchmarks.Measuring;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Benchmarks.Curves;

/// <summary>
/// A raw disk of 1 GiB that holds 64 MiB, of which each version changes 256 KiB at another place;
/// measured when there are 1, 10, 100 and 1,000 of them. The base follows the newest, as is usual.
/// </summary>
internal static class VersionsCurve
{
    private const long DiskBytes = 1L << 30;
    private const int DataBytes = 64 << 20;
    private const int ChangedBytes = 256 << 10;
    private const int GraceSeconds = 5;

    /// <summary>Draws the curve.</summary>
    public static async Task RunAsync(WorkFolder folder)
    {
        var table = new MarkdownTable(
            "Number of versions; each changes 256 KiB of 64 MiB, and the base follows", 2,
            ["versions", "command", .. MarkdownTable.CostColumns]);
        var bench = new CommandBench(() => folder.OpenStoreAsync("versions"), "vm");
        // Ten minutes of grace would hold what all versions have left: elsewhere they take years.
        await bench.CreateAsync(new MachinePolicy(BaseRuleSettings.Default, GraceSeconds));
        var image = folder.Of("versions.raw");
        await File.WriteAllBytesAsync(image, RandomNumberGenerator.GetBytes(DataBytes));
        await using (var file = File.OpenWrite(image)) file.SetLength(DiskBytes);
        Measured? last = null;
        var version = 0;
        foreach (var count in new[] { 1, 10, 100, 1000 })
        {
            while (version < count)
            {
                version++;
                if (version > 1) await ChangeAsync(image, version);
                last = await bench.IngestAsync(image);
            }
            await AddAsync(table, bench, folder, count, last!);
        }
    }

    private static async Task AddAsync(
        MarkdownTable table, CommandBench bench, WorkFolder folder, int count, Measured ingest)
    {
        var (words, target) = ($"{count:N0}", folder.Of("restored.raw"));
        table.Add(words, "ingest (the last of them)", ingest);
        table.Add(words, "restore the newest", await bench.RestoreAsync(count, target));
        table.Add(words, "restore the oldest", await bench.RestoreAsync(1, target));
        table.Add(words, "mount the oldest", await bench.MountAsync(1, folder.Path));
        table.Add(words, "list all, show the oldest", await bench.ShowAsync(1));
        File.Delete(target);
    }

    private static async Task ChangeAsync(string image, int version)
    {
        await using var file = File.OpenWrite(image);
        file.Position = (long)version * ChangedBytes % DataBytes;
        await file.WriteAsync(RandomNumberGenerator.GetBytes(ChangedBytes));
    }
}
