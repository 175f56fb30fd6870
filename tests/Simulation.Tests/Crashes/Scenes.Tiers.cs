using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <content>Machines whose reverse incrementals go down a ladder.</content>
internal static partial class Scenes
{
    /// <summary>All moves are of single objects.</summary>
    public static async Task<Scene> MovesAsync()
    {
        var rig = await LadderAsync(5, [new(1, StorageTier.Cool)]);
        return TierSceneOf(rig);
    }

    /// <summary>Small deltas go into packs, and merged indexes over them are made again.</summary>
    public static async Task<Scene> PacksAsync()
    {
        // Few packs, so that the flow is short and yet takes two operations.
        var rig = await LadderAsync(17, [new(1, StorageTier.Cold)], TinyTiers.Margins with
        {
            PackBytes = 20_000, MostPackBytes = 30_000, PieceBytes = 9000, MostPackSets = 40,
        });
        return TierSceneOf(rig);
    }

    /// <summary>A machine with some versions, the base at the newest, forty days later.</summary>
    public static async Task<Rig> LadderAsync(
        int versions, LadderRung[] rungs, TieringMargins? margins = null)
    {
        var rig = NewRig(margins: margins);
        var disks = new Disks();
        await TinyTiers.SetLadderAsync(rig, rungs);
        for (var i = 0; i < versions; i++)
        {
            if (i > 0) disks.Change();
            await rig.IngestAsync(disks.All);
            rig.Time.Advance(TimeSpan.FromMinutes(10));
        }
        rig.Time.Advance(TimeSpan.FromDays(40));
        return rig;
    }

    private static Scene TierSceneOf(Rig rig) =>
        Scene.Of(rig, TierNames.Tier, _ => new TierInput(Rig.Machine), _ => { });
}
