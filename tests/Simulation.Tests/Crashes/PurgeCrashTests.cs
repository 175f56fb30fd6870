using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class PurgeCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Deleting_a_clone_survives_a_crash_anywhere(bool atOnce) =>
        EverywhereAsync(
            atOnce ? "purge at once" : "purge when due", () => Scenes.PurgeAsync(atOnce));
}
