using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>Archived data comes back, for the range that was asked for, through crashes and moves.</summary>
public sealed class RehydrateTests(ITestOutputHelper output)
{
    private const string Disk = "disk0";

    [Theory]
    [InlineData(RehydrationSettings.Copy)]
    [InlineData(RehydrationSettings.Tier)]
    public async Task Only_what_the_range_needs_comes_back_and_then_it_can_be_read(string way)
    {
        var rig = await ArchivedAsync(3, way);
        var archived = await CountAsync(rig);
        var all = await rig.Life.Services.Views.OpenAsync(
            Rig.Machine, 4, Disk, CancellationToken.None);
        var expected = rig.Model[4][Disk];
        for (var at = 0; at < expected.Length; at += 16384)
        {
            var length = Math.Min(1500, expected.Length - at);
            var result = await RunAsync(rig, new RehydrateInput(Rig.Machine, 4, Disk, at, length));
            var found = new byte[length];
            await all.ReadAsync(at, found);
            Assert.Equal(expected[at..(at + length)], found);
            output.WriteLine($"{result}");
        }
        Assert.InRange(
            await CountAsync(rig), way is RehydrationSettings.Copy ? archived : 1, archived);
        await RunAsync(rig, new RehydrateInput(Rig.Machine, 4, Disk));
        await rig.CheckAsync(4, "all of it");
        Assert.Equal(way is RehydrationSettings.Copy, rig.Delta.Names().Any(
            n => ObjectNames.TryParseRehydrated(n, out _, out _, out _)));
        await ListedObjects.CheckAsync(rig, "with copies");
    }

    [Theory]
    [InlineData(RehydrationPriority.Standard, 15, RehydrationSettings.Copy)]
    [InlineData(RehydrationPriority.High, 1, RehydrationSettings.Copy)]
    [InlineData(RehydrationPriority.Standard, 15, RehydrationSettings.Tier)]
    [InlineData(RehydrationPriority.High, 1, RehydrationSettings.Tier)]
    public async Task It_waits_as_long_as_the_archive_takes_and_not_much_longer(
        RehydrationPriority priority, int hours, string way)
    {
        var rig = await ArchivedAsync(4, way);
        var archived = await CountAsync(rig);
        var result = await RunAsync(
            rig, new RehydrateInput(Rig.Machine, Priority: priority));
        Assert.Equal((Rig.Machine, 4, Disk), (result.Machine, result.Version, result.Disk));
        Assert.InRange(result.Objects, 3, archived);
        Assert.InRange(result.Bytes, 1, long.MaxValue);
        Assert.InRange(result.WaitedSeconds, hours * 3600, (hours * 3600) + (16 * 60));
        var again = await RunAsync(rig, new RehydrateInput(Rig.Machine));
        Assert.Equal((0, 0L, 0L), (again.Objects, again.Bytes, again.WaitedSeconds));
    }

    [Fact]
    public async Task High_priority_hurries_what_standard_has_asked_for()
    {
        var rig = await ArchivedAsync(5, RehydrationSettings.Tier);
        foreach (var name in Data(rig)) await rig.Delta.SetTierAsync(name, StorageTier.Cool);
        var result = await RunAsync(
            rig, new RehydrateInput(Rig.Machine, Priority: RehydrationPriority.High));
        Assert.InRange(result.WaitedSeconds, 3600, 3600 + (16 * 60));
    }

    [Fact]
    public async Task An_archived_base_and_index_come_back_before_what_they_tell_of()
    {
        var rig = await ArchivedAsync(6);
        foreach (var name in rig.Delta.Names().Where(n => n.Contains("/disks/", StringComparison.Ordinal)))
            await rig.Delta.SetTierAsync(name, StorageTier.Archive);
        foreach (var name in rig.Base.Names().Where(n => n.EndsWith("/base", StringComparison.Ordinal)))
            await rig.Base.SetTierAsync(name, StorageTier.Archive);
        rig.NewLife();
        await RunAsync(rig, new RehydrateInput(Rig.Machine, 4, Disk));
        await rig.CheckAsync(4, "from the base up");
    }

    [Fact]
    public async Task What_a_base_that_moved_leaves_archived_comes_back_too()
    {
        var rig = await ArchivedAsync(7);
        await RunAsync(rig, new RehydrateInput(Rig.Machine, 3, Disk));
        await rig.ConsolidateAsync(3);
        await RunAsync(rig, new RehydrateInput(Rig.Machine, 4, Disk));
        await rig.CheckAsync("after the move");
    }

    [Theory]
    [InlineData(false, RehydrationSettings.Copy)]
    [InlineData(true, RehydrationSettings.Copy)]
    [InlineData(true, RehydrationSettings.Tier)]
    public async Task A_crash_at_any_operation_leaves_a_job_that_goes_on(bool after, string way)
    {
        var rig = await ArchivedAsync(8, way);
        var (baseContents, deltaContents) = (rig.Base.Freeze(), rig.Delta.Freeze());
        // High: less waiting, and so fewer looks that are all alike.
        var input = new RehydrateInput(
            Rig.Machine, 4, Disk, Priority: RehydrationPriority.High);
        var expected = await RunAsync(rig, input);
        var crashes = 0;
        for (var at = 1; ; at++)
        {
            rig.Base.Restore(baseContents);
            rig.Delta.Restore(deltaContents);
            rig.NewLife();
            var number = rig.Process.Operations + at;
            rig.Process.Faults = SimulatedProcess.CrashAt(number, after);
            try
            {
                await rig.Life.RunAsync(RehydrateNames.Rehydrate, input, "again", Rig.Machine);
                if (!rig.Process.Crashed) break;
            }
            catch (SimulatedCrashException)
            {
                // The next life goes on with it.
            }
            crashes++;
            rig.Process.Restart();
            rig.NewLife();
            var result = await rig.Life.RunAsync(
                RehydrateNames.Rehydrate, input, "again", Rig.Machine);
            Assert.Equal(
                expected with { WaitedSeconds = 0 }, result with { WaitedSeconds = 0 });
            await rig.CheckAsync(4, $"a crash at operation {at}");
        }
        output.WriteLine($"{crashes} crashes");
        Assert.InRange(crashes, 50, 5000);
    }

    [Fact]
    public async Task Plans_are_cut_so_that_each_fits_and_together_name_everything_once()
    {
        var rig = await ArchivedAsync(9);
        var whole = await PlanAsync(rig, 1000, 1000);
        Assert.Null(Assert.Single(whole).NextShard);
        var names = whole[0].Objects.Select(o => o.Name).ToList();
        Assert.InRange(names.Count, 4, 1000);
        foreach (var (most, shards) in new[] { (1, 1), (2, 1000), (3, 2), (1000, 1) })
        {
            var parts = await PlanAsync(rig, most, shards);
            Assert.Equal(names, parts.SelectMany(p => p.Objects).Select(o => o.Name));
            Assert.All(parts, p => Assert.InRange(p.Objects.Count, 0, most));
        }
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(10_000_000, null)]
    [InlineData(0, -1)]
    public async Task A_range_that_is_not_there_is_refused(int offset, int? length)
    {
        var rig = await ArchivedAsync(10);
        var error = await Assert.ThrowsAnyAsync<SnapshotException>(() => RunAsync(
            rig, new RehydrateInput(Rig.Machine, 4, Disk, offset, length)));
        Assert.Equal("refused-range", error.Code);
    }

    private static async Task<List<RehydrationPlan>> PlanAsync(Rig rig, int objects, int shards)
    {
        var step = new PlanRehydrationStep(rig.Life.Services, objects, shards);
        var plans = new List<RehydrationPlan>();
        var next = new PlanRehydrationInput(Rig.Machine, 4, Disk, 0, null);
        while (true)
        {
            var plan = await step.RunAsync(next, CancellationToken.None);
            plans.Add(plan);
            if (plan.NextShard is not { } shard) return plans;
            next = next with { Shard = shard, After = plan.NextAfter };
        }
    }

    /// <summary>Four versions, the base at the first, all data of deltas in the archive.</summary>
    private static async Task<Rig> ArchivedAsync(
        int seed, string way = RehydrationSettings.Copy)
    {
        var rig = new Rig();
        await rig.SetPolicyAsync(
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 1000), 600)
            {
                Rehydration = new RehydrationSettings(way, RehydrationPriority.Standard),
            });
        foreach (var content in TinyDisks.Row(seed, 4)) await rig.IngestAsync((Disk, content));
        foreach (var name in Data(rig)) await rig.Delta.SetTierAsync(name, StorageTier.Archive);
        return rig;
    }

    private static IEnumerable<string> Data(Rig rig) =>
        rig.Delta.Names().Where(n => n.EndsWith(".dat", StringComparison.Ordinal));

    private static async Task<int> CountAsync(Rig rig)
    {
        var count = 0;
        foreach (var name in Data(rig))
            if ((await rig.Delta.FindAsync(name))!.Tier == StorageTier.Archive) count++;
        return count;
    }

    private static Task<RehydrateResult> RunAsync(Rig rig, RehydrateInput input) =>
        rig.Life.RunAsync(RehydrateNames.Rehydrate, input, rig.NextJob(), Rig.Machine);
}
