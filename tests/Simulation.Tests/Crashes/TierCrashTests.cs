using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class TierCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Moving_down_the_ladder_survives_a_crash_anywhere() =>
        EverywhereAsync("moves to Cool", Scenes.MovesAsync);

    [Fact]
    public Task Packing_survives_a_crash_anywhere() =>
        EverywhereAsync("packs for Cold", Scenes.PacksAsync);
}
