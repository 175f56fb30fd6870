using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.SimulationTests.Properties;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Costs;

/// <summary>
/// Operations and bytes follow what changed. One set of constants holds for disks of 1 GiB, 64 GiB
/// and 64 TiB, for changes in one place and all over, and for histories of any length.
/// </summary>
public sealed class CostOfChangeTests(ITestOutputHelper output)
{
    private const long GiB = 1L << 30;
    private const long MiB = 1L << 20;

    [Fact]
    public async Task A_change_costs_what_it_is_whatever_the_size_of_the_disk()
    {
        output.WriteLine("disk      MiB  where      flow    shards   ops  read KiB  written KiB");
        foreach (var changedMiB in new[] { 1, 10, 100 })
        {
            foreach (var isScattered in new[] { false, true })
            {
                foreach (var diskGiB in new[] { 1, 64, 65_536 })
                {
                    var (ingest, move) = await CostBench.MeasureAsync(
                        diskGiB * GiB, changedMiB, isScattered);
                    var what = $"{diskGiB,5} GiB {changedMiB,4}  "
                        + (isScattered ? "scattered " : "contiguous");
                    Tell(what, "ingest", ingest);
                    Tell(what, "move", move);
                    Check(ingest, changedMiB, $"ingest {what}");
                    Check(move, changedMiB, $"move {what}");
                }
            }
        }
    }

    /// <summary>On one disk only: a thousand times the smallest change, by the same constants.</summary>
    [Fact]
    public async Task A_large_change_costs_what_it_is()
    {
        const int changedMiB = 1000;
        var (ingest, move) = await CostBench.MeasureAsync(65_536 * GiB, changedMiB, false);
        Tell("65536 GiB 1000  contiguous", "ingest", ingest);
        Tell("65536 GiB 1000  contiguous", "move", move);
        Check(ingest, changedMiB, "ingest");
        Check(move, changedMiB, "move");
    }

    [Fact]
    public async Task A_change_costs_the_same_after_5_200_and_1000_versions()
    {
        var rig = new Rig(manifestOptions: ManifestOptions.Default);
        var random = new Random(5);
        var disk = new byte[60_000];
        random.NextBytes(disk);
        await rig.IngestAsync(("disk0", disk));
        var costs = new Dictionary<int, Cost>();
        for (var version = 2; version <= 1001; version++)
        {
            var overlay = RandomOverlay.On(new Random(version), disk, disk.Length, 1, "x.qcow2");
            var before = (rig.Base.Counters, rig.Delta.Counters);
            await rig.IngestAsync([("disk0", overlay.File)], [("disk0", overlay.Content)], null);
            disk = overlay.Content;
            if (version is not (6 or 201 or 1001)) continue;
            var (b, d) = (rig.Base.Counters.Since(before.Item1), rig.Delta.Counters.Since(before.Item2));
            costs[version - 1] = new Cost(
                1, b.Operations + d.Operations, b.BytesRead + d.BytesRead,
                b.BytesWritten + d.BytesWritten);
            Tell($"after {version - 1} versions", "ingest", costs[version - 1]);
        }
        // A longer head is read and written until it pages out; then it is as long as it gets.
        Assert.InRange(costs[200].Operations, 1, costs[5].Operations + 25);
        Assert.InRange(costs[1000].Operations, 1, costs[5].Operations + 25);
        Assert.InRange(costs[1000].BytesRead, 1, costs[200].BytesRead * 2);
        foreach (var version in new[] { 1, 2, 500, 1000, 1001 }) await rig.CheckAsync(version, "");
    }

    private static void Check(Cost cost, int changedMiB, string what)
    {
        var mostOperations = 60 + (16L * cost.Shards) + (2L * changedMiB);
        Assert.True(
            cost.Operations <= mostOperations,
            $"{what}: {cost.Operations} operations, at most {mostOperations}");
        // A shard costs an index page of each region that is touched, its footer and its journal.
        // Half of what changes here does not compress and is stored twice by a move at most.
        var mostBytes = (256L << 10) + (cost.Shards * (48L << 10)) + (changedMiB * MiB * 11 / 10);
        Assert.True(cost.BytesRead <= mostBytes, $"{what}: {cost.BytesRead} read of {mostBytes}");
        Assert.True(
            cost.BytesWritten <= mostBytes, $"{what}: {cost.BytesWritten} written of {mostBytes}");
    }

    private void Tell(string what, string flow, Cost cost) => output.WriteLine(
        $"{what} {flow,-7} {cost.Shards,6} {cost.Operations,5} {cost.BytesRead >> 10,9} "
        + $"{cost.BytesWritten >> 10,12}");
}
