using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class OverlayCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task An_overlay_on_an_older_version_survives_a_crash_anywhere() =>
        EverywhereAsync("overlay on an older version", Scenes.OverlayAsync);
}
