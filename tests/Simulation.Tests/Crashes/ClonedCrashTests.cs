using SnapshotFunctions.Engine.Policies;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class ClonedCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Theory]
    [InlineData(BaseRuleSettings.Newest)]
    [InlineData(BaseRuleSettings.AfterForwards)]
    public Task The_first_ingest_into_a_clone_survives_a_crash_anywhere(string rule) =>
        EverywhereAsync($"ingest into a clone, {rule}", () => Scenes.ClonedIngestAsync(rule));

    [Fact]
    public Task The_first_patch_of_a_clone_survives_a_crash_anywhere() =>
        EverywhereAsync("base of a clone forwards", Scenes.ClonedForwardsAsync);
}
