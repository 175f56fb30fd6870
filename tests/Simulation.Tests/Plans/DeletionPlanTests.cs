using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Machines;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Plans;

/// <summary>Plans of what deletes a machine, mends it, or looks after it.</summary>
public sealed class DeletionPlanTests(ITestOutputHelper output)
{
    private static readonly Layout Tiny = new(256, 1024, 4, 4096, 16384);

    [Theory]
    [InlineData(StorageTier.Cool)]
    [InlineData(StorageTier.Cold)]
    [InlineData(StorageTier.Archive)]
    public async Task A_purge_is_planned_with_what_leaves_its_tier_early(StorageTier tier)
    {
        var bench = await MadeAsync(tier);
        bench.Time.Advance(TimeSpan.FromDays(3));
        var input = new PurgeInput(PlanBench.Machine, AtOnce: true);
        var marking = await bench.PlanAsync(PurgeNames.Purge, input with { AtOnce = false });
        var (plan, job) = await bench.PlanAndRunAsync(PurgeNames.Purge, input);

        Tell(plan, job);
        AssertSame(job.Used!, plan.Usage);
        var early = plan.Usage.Lines.Single(l => l.Kind == UsageKind.EarlyDeletion);
        Assert.Equal(tier, early.Tier);
        Assert.True(bench.Prices.Once(plan.Usage) > 0);
        // What is only marked at first is planned to its end, and says so.
        Assert.Equal(plan.Usage.Lines, marking.Usage.Lines);
        Assert.Contains(marking.Notes, n => n.Contains("grace period", StringComparison.Ordinal));
        // Nothing of it is left to be paid for.
        Assert.True(plan.Usage.BytesOf(UsageKind.Stored) < 0);
    }

    [Fact]
    public async Task After_its_minimum_stay_nothing_is_charged_for_early_deletion()
    {
        var bench = await MadeAsync(StorageTier.Cool);
        bench.Time.Advance(TimeSpan.FromDays(31));
        var (plan, job) = await bench.PlanAndRunAsync(
            PurgeNames.Purge, new PurgeInput(PlanBench.Machine, AtOnce: true));
        AssertSame(job.Used!, plan.Usage);
        Assert.DoesNotContain(plan.Usage.Lines, l => l.Kind == UsageKind.EarlyDeletion);
    }

    [Fact]
    public async Task A_repair_is_planned_from_the_bytes_and_tells_what_it_writes()
    {
        var bench = await MadeAsync(StorageTier.Cool);
        foreach (var name in bench.Delta.Names().Where(
            n => n.EndsWith(".idx", StringComparison.Ordinal)).Take(3))
            await bench.Delta.DeleteAsync(name);
        var input = new RepairInput(PlanBench.Machine);
        var (plan, job) = await bench.PlanAndRunAsync(RepairNames.Repair, input);

        Tell(plan, job);
        Assert.True(plan.Usage.CountOf(UsageKind.Write) >= 3);
        foreach (var kind in new[] { UsageKind.Read, UsageKind.Write })
        {
            Assert.Equal(job.Used!.CountOf(kind), plan.Usage.CountOf(kind));
            Assert.InRange(plan.Usage.BytesOf(kind) - job.Used.BytesOf(kind), -512, 512);
        }
        var sound = await bench.RunAsync(
            CheckNames.Verify, new VerifyInput(PlanBench.Machine, CheckDepth.Full));
        Assert.Equal(JobState.Completed, sound.State);
        Assert.Contains("\"errors\":0", sound.Output!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_rebuild_and_an_upkeep_are_planned_too()
    {
        var bench = await MadeAsync(StorageTier.Cool);
        await HoldAsync(bench, UpkeepNames.Upkeep, new UpkeepInput(PlanBench.Machine));
        await bench.Base.DeleteAsync(ObjectNames.Head(PlanBench.Machine));
        await HoldAsync(
            bench, CheckNames.RebuildCatalog, new RebuildInput(PlanBench.Machine, false));
    }

    private async Task HoldAsync<TIn, TOut>(
        PlanBench bench, FlowName<TIn, TOut> flow, TIn input)
    {
        var (plan, job) = await bench.PlanAndRunAsync(flow, input);
        Tell(plan, job);
        Assert.Equal(JobState.Completed, job.State);
        foreach (var kind in new[] { UsageKind.Read, UsageKind.Write })
            Assert.InRange(
                plan.Usage.CountOf(kind) - job.Used!.CountOf(kind), -2, 2);
    }

    /// <summary>A job's id makes a few bytes' difference in what is read and written.</summary>
    private static void AssertSame(Usage used, Usage planned)
    {
        Assert.Equal(
            used.Lines.Select(l => (l.Kind, l.Tier, l.Count)),
            planned.Lines.Select(l => (l.Kind, l.Tier, l.Count)));
        foreach (var (one, other) in used.Lines.Zip(planned.Lines))
            Assert.InRange(one.Bytes - other.Bytes, -64, 64);
    }

    private void Tell(Plan plan, JobInfo job)
    {
        foreach (var line in plan.Usage.Lines) output.WriteLine($"planned {line}");
        foreach (var line in job.Used!.Lines) output.WriteLine($"used {line}");
    }

    /// <summary>Four versions whose reverse incrementals lie in a tier, the base at the newest.</summary>
    private static async Task<PlanBench> MadeAsync(StorageTier tier)
    {
        var bench = new PlanBench(Tiny, new EngineOptions { ReverseTier = tier, WindowBlocks = 3 });
        await bench.CreateAsync(BaseRuleSettings.AfterForwards, 100);
        foreach (var disk in TinyDisks.Row(7, 4))
            await bench.RunAsync(FlowNames.Ingest, bench.InputOf(disk));
        await bench.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(PlanBench.Machine, 4));
        return bench;
    }
}
