using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class ForwardsCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Moving_the_base_forwards_survives_a_crash_anywhere() =>
        EverywhereAsync("base forwards over three versions", Scenes.ForwardsAsync);
}
