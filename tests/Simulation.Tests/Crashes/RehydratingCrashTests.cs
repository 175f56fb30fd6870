using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rehydrating;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class RehydratingCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task A_restore_by_copies_survives_a_crash_anywhere_and_leaves_none() =>
        EverywhereAsync("restore by copy", () => SceneAsync(RehydrationSettings.Copy));

    [Fact]
    public Task A_restore_by_tier_survives_a_crash_anywhere() =>
        EverywhereAsync("restore by tier", () => SceneAsync(RehydrationSettings.Tier));

    private static async Task<Scene> SceneAsync(string way)
    {
        var rig = await ArchivedRig.CreateAsync(31, way);
        return Scene.Of(
            rig, RestoreNames.Restore, _ => ArchivedRig.Input(RehydrationWish.High), _ => { },
            context => ArchivedRig.CheckRestoredAsync(rig, 4, context));
    }
}
