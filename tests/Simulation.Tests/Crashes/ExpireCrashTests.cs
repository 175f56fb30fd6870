using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class ExpireCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task Deleting_the_oldest_survives_a_crash_anywhere() =>
        EverywhereAsync("expire the oldest", () => Scenes.ExpireAsync(6, 1));

    [Fact]
    public Task Deleting_one_in_the_middle_survives_a_crash_anywhere() =>
        EverywhereAsync("expire one in the middle", () => Scenes.ExpireAsync(6, 3));

    [Fact]
    public Task Deleting_a_run_survives_a_crash_anywhere() =>
        EverywhereAsync("expire a run", () => Scenes.ExpireAsync(6, 2, 3, 4));

    [Fact]
    public Task Deleting_a_run_across_the_base_survives_a_crash_anywhere() =>
        EverywhereAsync("expire a run across the base", () => Scenes.ExpireAsync(3, 2, 3, 4));

    [Fact]
    public Task Deleting_after_a_forward_only_stretch_survives_a_crash_anywhere() =>
        EverywhereAsync("expire a forward-only run", () => Scenes.ExpireAsync(1, 3, 4));
}
