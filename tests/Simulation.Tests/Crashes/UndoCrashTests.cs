using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class UndoCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Undoing_the_newest_survives_a_crash_anywhere() =>
        EverywhereAsync("undo", Scenes.UndoAsync);
}
