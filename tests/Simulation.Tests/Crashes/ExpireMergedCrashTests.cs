using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class ExpireMergedCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Deleting_a_run_below_merged_indexes_survives_a_crash_anywhere() =>
        EverywhereAsync("expire a run among merged indexes", Scenes.ExpireMergedAsync);
}
