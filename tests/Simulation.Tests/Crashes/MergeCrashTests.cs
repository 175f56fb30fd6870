using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class MergeCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Making_merged_indexes_survives_a_crash_anywhere() =>
        EverywhereAsync("base to a group's end, with merged indexes", Scenes.MergeAsync);
}
