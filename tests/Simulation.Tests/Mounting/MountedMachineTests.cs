using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>What else is done to a machine of which a version is mounted.</summary>
public sealed class MountedMachineTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Its_version_stays_while_it_is_mounted_and_may_go_after()
    {
        var (rig, mount) = await PreparedAsync();
        var refused = await Assert.ThrowsAsync<StepFailedException>(() => rig.ExpireAsync(2));
        Assert.Contains($"mount:{mount.Id}", refused.Message, StringComparison.Ordinal);
        foreach (var atOnce in new[] { false, true })
        {
            refused = await Assert.ThrowsAsync<StepFailedException>(() => PurgeAsync(rig, atOnce));
            Assert.Equal("refused-pinned", refused.Code);
            Assert.Contains($"mount:{mount.Id}", refused.Message, StringComparison.Ordinal);
        }
        await rig.Life.Services.Mounts.DiscardAsync(Rig.Machine, mount.Id, None);
        await rig.ExpireAsync(2);
        await rig.CheckAsync("expired");
        await PurgeAsync(rig, atOnce: true);
        Assert.Equal(
            [ObjectNames.Gone(Rig.Machine)], rig.Base.Names(ObjectNames.Machine(Rig.Machine)));
    }

    [Fact]
    public async Task A_machine_that_is_to_go_and_a_version_that_is_gone_are_not_mounted()
    {
        var (rig, mount) = await PreparedAsync();
        var mounts = rig.Life.Services.Mounts;
        await mounts.DiscardAsync(Rig.Machine, mount.Id, None);
        await Assert.ThrowsAsync<NoSuchException>(
            () => mounts.OpenAsync(Rig.Machine, 9, Written.NewId(2), None));
        await Assert.ThrowsAsync<NoSuchException>(
            () => mounts.OpenAsync("none", 1, Written.NewId(2), None));
        await PurgeAsync(rig, atOnce: false);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => mounts.OpenAsync(Rig.Machine, 1, Written.NewId(2), None));
        Assert.Equal("purged", refused.Reason);
        Assert.Empty(rig.Base.Names("machines/none/"));
        Assert.Empty(rig.Base.Names(ObjectNames.Mounts(Rig.Machine)));
    }

    [Fact]
    public async Task A_mount_is_no_orphan_and_what_a_late_writer_leaves_is_one_until_upkeep()
    {
        var (rig, mount) = await PreparedAsync();
        var tally = await VerifyAsync(rig);
        Assert.Equal((0L, 0, 0), (tally.Orphans, tally.Errors, tally.Warnings));
        var name = ObjectNames.MountChunk(Rig.Machine, mount.Id, "disk0", 0);
        var bytes = rig.Base.Peek(name)!;
        await rig.Life.Services.Mounts.DiscardAsync(Rig.Machine, mount.Id, None);
        await rig.Base.PutAsync(name, bytes, new(IfAbsent: true));
        Assert.Equal(1, (await VerifyAsync(rig)).Orphans);
        var sweep = new SweepStep(rig.Life.Services);
        await sweep.RunAsync(new UpkeepInput(Rig.Machine), None);
        Assert.NotNull(rig.Base.Peek(name));
        rig.Time.Advance(MountStore.Patience + TimeSpan.FromMinutes(1));
        await sweep.RunAsync(new UpkeepInput(Rig.Machine), None);
        Assert.Null(rig.Base.Peek(name));
        Assert.Equal(0, (await VerifyAsync(rig)).Orphans);
    }

    [Fact]
    public async Task Upkeep_leaves_an_open_mount_alone_however_old()
    {
        var (rig, mount) = await PreparedAsync();
        var content = await Written.ReadAsync(rig.Life, mount, "disk0");
        rig.Time.Advance(TimeSpan.FromDays(400));
        await new SweepStep(rig.Life.Services).RunAsync(new UpkeepInput(Rig.Machine), None);
        Assert.Equal(content, await Written.ReadAsync(rig.Life, mount, "disk0"));
        var pins = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Pins;
        Assert.Equal(mount.PinOwner, Assert.Single(pins!).Owner);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rebuilt_machine_has_its_mounts_and_their_pins(bool keepsCopies)
    {
        var (rig, mount) = await PreparedAsync();
        var contents = rig.Model[2].ToDictionary(d => d.Key, d => (byte[])d.Value.Clone());
        contents["disk0"] = await Written.ReadAsync(rig.Life, mount, "disk0");
        await rig.Base.DeleteAsync(ObjectNames.Head(Rig.Machine));
        if (!keepsCopies)
        {
            foreach (var store in new[] { rig.Base, rig.Delta })
                foreach (var copy in store.Names($"{ObjectNames.Machine(Rig.Machine)}heads/"))
                    await store.DeleteAsync(copy);
        }
        rig.NewLife();
        await rig.Life.RunAsync(
            CheckNames.RebuildCatalog, new RebuildInput(null), rig.NextJob(), Rig.Machine);
        rig.NewLife();
        var pins = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Pins;
        Assert.Equal((2, mount.PinOwner), Assert.Single(
            pins!.Select(p => (p.Version, p.Owner))));
        Assert.Equal(contents["disk0"], await Written.ReadAsync(rig.Life, mount, "disk0"));
        var result = await rig.Life.RunAsync(
            MountNames.Commit, new CommitMountInput(Rig.Machine, mount.Id, "copy"), rig.NextJob(),
            Rig.Machine);
        Assert.Equal(2, result.Version);
        await CommittedMount.CheckAsync(rig, "copy", 2, contents, "committed after a rebuild",
            isRebuilt: true);
    }

    private static async Task<(Rig Rig, MountRecord Mount)> PreparedAsync()
    {
        var (rig, disks) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 3);
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, 2, Written.NewId(3), None);
        await Written.WriteAsync(rig.Life, mount, "disk0", 1000, disks.Random(3000));
        return (rig, mount);
    }

    private static Task<PurgeResult> PurgeAsync(Rig rig, bool atOnce) => rig.Life.RunAsync(
        PurgeNames.Purge, new PurgeInput(Rig.Machine, atOnce), rig.NextJob(), Rig.Machine);

    private static async Task<CheckTally> VerifyAsync(Rig rig)
    {
        rig.NewLife();
        return (await rig.Life.RunAsync(
            CheckNames.Verify, new VerifyInput(Rig.Machine, CheckDepth.Quick), rig.NextJob(),
            Rig.Machine)).Tally;
    }
}
