using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <content>Machines of which versions expire.</content>
internal static partial class Scenes
{
    /// <summary>
    /// Versions expire from a chain of six; the base stands at the newest, or at one of them.
    /// </summary>
    public static async Task<Scene> ExpireAsync(int basis, params int[] versions)
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.AfterForwards, 6, hasFiles: true);
        if (basis > 1) await rig.ConsolidateAsync(basis);
        return Scene.Of(
            rig, ExpiryNames.Expire, _ => new ExpireInput(Rig.Machine, versions),
            model =>
            {
                foreach (var version in versions) model.Remove(version);
            });
    }

    /// <summary>A run among merged indexes, which are made again.</summary>
    public static async Task<Scene> ExpireMergedAsync()
    {
        var (rig, _) = await PreparedAsync(BaseRuleSettings.Newest, 17);
        return Scene.Of(
            rig, ExpiryNames.Expire, _ => new ExpireInput(Rig.Machine, [5, 6, 7]),
            model =>
            {
                foreach (var version in new[] { 5, 6, 7 }) model.Remove(version);
            });
    }

    /// <summary>The policy keeps two; one that was hidden before goes now too.</summary>
    public static async Task<Scene> RetentionAsync()
    {
        var (rig, disks) = await PreparedAsync(BaseRuleSettings.AfterForwards, 5);
        await rig.ConsolidateAsync(3);
        await rig.ExpireAsync(3);
        await rig.ConsolidateAsync(5);
        var policy = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Policy;
        await rig.SetPolicyAsync(policy with { Keep = new KeepSettings { Last = 2 } });
        rig.Time.Advance(TimeSpan.FromHours(2));
        return Scene.Of(
            rig, ExpiryNames.Retention, _ => new RetentionInput(Rig.Machine),
            model =>
            {
                foreach (var version in new[] { 1, 2 }) model.Remove(version);
            });
    }
}
