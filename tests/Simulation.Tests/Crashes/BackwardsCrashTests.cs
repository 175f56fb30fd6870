using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class BackwardsCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Moving_the_base_backwards_survives_a_crash_anywhere() =>
        EverywhereAsync("base backwards over two versions", Scenes.BackwardsAsync);
}
