using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>What tests of shared frames do to a rig besides what it does itself.</summary>
internal static class SharedRig
{
    public static Task<VerifyResult> VerifyAsync(
        Rig rig, CheckDepth depth = CheckDepth.Full) => new InlineContext(
        CheckParts.Flows(rig.Options), CheckParts.Steps(rig.Life.Services)).RunFlowAsync(
        CheckNames.Verify, new VerifyInput(Rig.Machine, depth));

    /// <summary>Every version reads as its full copy, and a full verification finds no error.</summary>
    public static async Task RequireSoundAsync(Rig rig, string context)
    {
        rig.NewLife();
        await rig.CheckAsync(context);
        var result = await VerifyAsync(rig);
        Assert.True(
            result.IsSound, $"{context}: {string.Join('\n', result.Tally.Findings)}");
    }

    public static async Task<RepairTally> RepairAsync(
        Rig rig, List<RepairImage>? images = null) => (await rig.Life.RunAsync(
        RepairNames.Repair, new RepairInput(Rig.Machine, null, images ?? []), rig.NextJob(),
        Rig.Machine)).Tally;
}
