using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Repairing;

public sealed class UpkeepTests
{
    [Fact]
    public async Task What_is_due_is_done_once_a_day_and_caught_up_once()
    {
        var rig = await PreparedAsync(new VerifySettings(24, 10));
        Assert.Equal(["verify-quick", "verify-share", "sweep"], await PartsAsync(rig));
        Assert.Equal(["sweep"], await PartsAsync(rig));
        Assert.Equal(1, (await HeadAsync(rig)).NextShare);

        rig.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(["verify-quick", "verify-share", "sweep"], await PartsAsync(rig));
        // Three days' shares in one run.
        Assert.Equal(4, (await HeadAsync(rig)).NextShare);
        Assert.Equal(["sweep"], await PartsAsync(rig));

        rig.Time.Advance(TimeSpan.FromDays(400));
        await PartsAsync(rig);
        // All ten, which come round to where they began.
        Assert.Equal(4, (await HeadAsync(rig)).NextShare);
    }

    [Fact]
    public async Task Without_settings_nothing_is_verified_by_itself()
    {
        var rig = await PreparedAsync(null);
        Assert.Equal(["sweep"], await PartsAsync(rig));
    }

    [Fact]
    public void Successive_shares_take_every_thing_once_whatever_their_number()
    {
        foreach (var parts in new[] { 1, 7, 30 })
        {
            var names = Enumerable.Range(0, 500).Select(i => $"disk0/0/{i}").ToList();
            var shares = Enumerable.Range(0, parts).Select(p => new VerifyShare(parts, p, 1));
            Assert.Equal(names.Count, shares.Sum(s => names.Count(s.Includes)));
            Assert.All(names, n => Assert.True(new VerifyShare(parts, 3 % parts, parts).Includes(n)));
        }
    }

    [Fact]
    public async Task Damage_that_a_days_share_or_look_meets_is_repaired_by_itself()
    {
        var rig = await PreparedAsync(new VerifySettings(24, 0));
        var name = rig.Delta.Fingerprint("machines/vm/disks/").Select(f => f.Name).First(
            n => n.EndsWith(".idx", StringComparison.Ordinal)
                && ObjectNames.TryParseDelta(n, out var _, out var key) && !key.IsForward);
        rig.Delta.FlipByte(name, 50);

        var result = await RunAsync(rig);

        Assert.True(result.Errors > 0);
        Assert.Equal((1, 0), (result.Repaired, result.Lost));
        rig.NewLife();
        await rig.CheckAsync("repaired by upkeep");
    }

    private static async Task<Rig> PreparedAsync(VerifySettings? verify)
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 3);
        await rig.SetPolicyAsync(
            new MachinePolicy(BaseRuleSettings.Default, 600) { Verify = verify });
        return rig;
    }

    private static async Task<IEnumerable<string>> PartsAsync(Rig rig)
    {
        var result = await RunAsync(rig);
        Assert.All(result.Parts, p => Assert.True(p.IsDone, p.Text));
        return result.Parts.Select(p => p.Part);
    }

    private static Task<UpkeepResult> RunAsync(Rig rig) => rig.Life.RunAsync(
        UpkeepNames.Upkeep, new UpkeepInput(Rig.Machine), rig.NextJob(), Rig.Machine);

    private static async Task<UpkeepRecord> HeadAsync(Rig rig) =>
        (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Upkeep!;
}
