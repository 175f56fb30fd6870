using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Properties;

public sealed class MergedIndexTests
{
    private const int Versions = 300;

    [Fact]
    public async Task The_oldest_of_many_versions_is_resolved_from_few_indexes()
    {
        var rig = new Rig();
        var random = new Random(7);
        var disk = new byte[16_384 + 3000];
        random.NextBytes(disk);
        for (var i = 0; i < Versions; i++)
        {
            random.NextBytes(disk.AsSpan(random.Next(60) * 256, 200));
            if (i % 3 == 0) random.NextBytes(disk.AsSpan(16_384 + random.Next(2000), 300));
            await rig.IngestAsync(("disk0", disk));
        }
        rig.NewLife();
        var before = rig.Delta.Counters;
        var indexes = new List<string>();
        rig.Process.Trace = operation =>
        {
            if (operation.Kind is StoreOperationKind.ReadWhole
                && operation.Name.EndsWith(".idx", StringComparison.Ordinal))
                lock (indexes) indexes.Add(operation.Name);
        };
        await rig.CheckAsync(1, "oldest");
        rig.Process.Trace = null;
        var ofFirst = indexes.Count(n => n.Contains("/000000/", StringComparison.Ordinal));
        Assert.InRange(ofFirst, 1, 3 * 15);
        Assert.Contains(indexes, n => n.Contains("merged-2-", StringComparison.Ordinal));
        Assert.True(rig.Delta.Counters.Operations > before.Operations);
        await rig.CheckAsync("all");
        await rig.ConsolidateAsync(10);
        rig.NewLife();
        await rig.CheckAsync("base moved back, merged indexes dropped");
        await rig.ConsolidateAsync(Versions);
        rig.NewLife();
        await rig.CheckAsync("base moved forth again");
    }
}
