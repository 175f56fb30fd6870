using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class FirstVersionCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task A_first_version_survives_a_crash_anywhere() =>
        EverywhereAsync("first version", Scenes.FirstAsync);
}
