using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class LastingCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task A_rule_that_moves_the_base_to_an_older_version_survives_a_crash_anywhere() =>
        EverywhereAsync("ingest, then base back to one that lasts", Scenes.LastingAsync);

    [Fact]
    public async Task The_rule_does_move_the_base_to_the_version_that_lasts()
    {
        var scene = await Scenes.LastingAsync();
        await scene.RehearseAsync();
        Assert.Equal(2, await scene.BaseAsync());
    }
}
