using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class NewestCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task A_later_version_that_moves_the_base_survives_a_crash_anywhere() =>
        EverywhereAsync("later version that moves the base", Scenes.NewestAsync);
}
