using SnapshotFunctions.Engine.Policies;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class FlattenCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Theory]
    [InlineData(BaseRuleSettings.Newest)]
    [InlineData(BaseRuleSettings.AfterForwards)]
    public Task Flattening_a_clone_survives_a_crash_anywhere(string rule) =>
        EverywhereAsync($"flatten, {rule}", () => Scenes.FlattenAsync(rule));
}
