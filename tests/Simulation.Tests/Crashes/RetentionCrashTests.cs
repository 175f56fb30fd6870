using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class RetentionCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Retention_survives_a_crash_anywhere() =>
        EverywhereAsync("retention", Scenes.RetentionAsync);
}
