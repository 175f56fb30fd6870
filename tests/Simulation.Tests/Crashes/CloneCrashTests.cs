using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class CloneCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Making_a_clone_survives_a_crash_anywhere() =>
        EverywhereAsync("clone", Scenes.CloneAsync);

    [Fact]
    public Task Making_a_clone_of_the_deepest_clone_survives_a_crash_anywhere() =>
        EverywhereAsync("clone of the deepest", Scenes.DeepCloneAsync);
}
