using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class RepairCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task A_repair_survives_a_crash_anywhere() =>
        EverywhereAsync("repair of five objects", Scenes.DamagedAsync);
}
