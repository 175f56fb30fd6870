using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Properties;

public sealed class FirstFlowTests
{
    [Fact]
    public async Task Versions_are_read_back_before_and_after_the_base_has_moved()
    {
        var rig = new Rig();
        var random = new Random(1);
        var disk = new byte[50_000];
        random.NextBytes(disk.AsSpan(0, 20_000));
        await rig.SetRuleAsync("after-forwards", 100);
        for (var i = 0; i < 5; i++)
        {
            random.NextBytes(disk.AsSpan(random.Next(40_000), 3000));
            disk.AsSpan(random.Next(40_000), 2000).Clear();
            await rig.IngestAsync(("disk0", disk));
            await rig.CheckAsync($"after {i}");
        }
        Assert.Equal(5, (await rig.ConsolidateAsync(5)).Base);
        await rig.CheckAsync("at 5");
        await rig.ConsolidateAsync(3);
        await rig.CheckAsync("at 3");
        await rig.ConsolidateAsync(4);
        await rig.CheckAsync("at 4");
        await rig.UndoAsync();
        await rig.CheckAsync("undone");
        await rig.IngestAsync(("disk0", disk));
        await rig.CheckAsync("again");
    }
}
