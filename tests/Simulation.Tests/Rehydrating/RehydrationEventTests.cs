using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>Events make a job look sooner; whatever they say, it believes only what it sees.</summary>
public sealed class RehydrationEventTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Archive = TimeSpan.FromHours(15);

    [Theory]
    [InlineData(RehydrationSettings.Copy)]
    [InlineData(RehydrationSettings.Tier)]
    public async Task The_news_of_all_that_is_waited_for_ends_the_wait_at_once(string way)
    {
        var (rig, context, targets) = await ReadyAsync(way);
        // Looks by the timer come 9 minutes before and 6 minutes after the archive's time.
        var due = rig.Time.GetUtcNow() + Archive + TimeSpan.FromSeconds(100);
        foreach (var name in targets) context.Events.Add((due, name));
        await RunAsync(rig, context);
        Assert.Equal(due, rig.Time.GetUtcNow());
        await rig.CheckAsync(4, way);
    }

    [Fact]
    public async Task Early_doubled_and_foreign_news_does_no_harm_and_costs_few_looks()
    {
        var (silent, alone, _) = await ReadyAsync(RehydrationSettings.Copy);
        await RunAsync(silent, alone);
        await silent.CheckAsync(4, "without news");
        var (rig, context, targets) = await ReadyAsync(RehydrationSettings.Copy);
        var start = rig.Time.GetUtcNow();
        foreach (var minutes in new[] { 2, 3, 300 })
        {
            foreach (var name in targets.Concat(targets).Concat(["machines/other/x", "", "../.."]))
                context.Events.Add((start + TimeSpan.FromMinutes(minutes), name));
        }
        await RunAsync(rig, context);
        Assert.InRange(rig.Time.GetUtcNow() - start, Archive, Archive + TimeSpan.FromMinutes(16));
        var (more, few) = (Looks(context), Looks(alone));
        output.WriteLine($"{few} looks without news, {more} with {6 * targets.Count + 9} of it");
        Assert.InRange(more, few, few + 9);
        await rig.CheckAsync(4, "with news");
    }

    [Fact]
    public async Task Asked_to_end_while_it_waits_it_ends_then_and_removes_its_copies()
    {
        var (rig, context, _) = await ReadyAsync(RehydrationSettings.Copy);
        context.CancelAt = rig.Time.GetUtcNow() + TimeSpan.FromHours(3) + TimeSpan.FromSeconds(7);
        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(rig, context));
        Assert.Equal(context.CancelAt, rig.Time.GetUtcNow());
        await ArchivedRig.CheckNothingLeftAsync(rig, "cancelled");
    }

    [Fact]
    public async Task Its_progress_tells_what_it_waits_for()
    {
        var (rig, context, _) = await ReadyAsync(RehydrationSettings.Copy, 3_000);
        await RunAsync(rig, context, RehydrationPriority.High);
        Assert.Contains("rehydrating", context.Phases);
        Assert.Contains("waiting for the next hour of high priority", context.Phases);
    }

    [Fact]
    public async Task The_news_of_a_blob_finds_the_jobs_that_may_wait_for_it()
    {
        var (rig, context, targets) = await ReadyAsync(RehydrationSettings.Copy);
        await RunAsync(rig, context);
        var manifests = rig.Life.Manifests;
        Assert.Equal(["job"], await JobsAsync(targets[0]));
        Assert.Equal(["job"], await JobsAsync(ArchivedRig.Data(rig)[0]));
        Assert.Empty(await JobsAsync(ObjectNames.Rehydrated(Rig.Machine, 999, "x.dat")));
        Assert.Empty(await JobsAsync("machines/none/disks/x"));
        Assert.Empty(await JobsAsync("machines/"));
        Assert.Empty(await JobsAsync("rehydrations/high.json"));

        Task<IReadOnlyList<string>> JobsAsync(string name) =>
            RehydrationJobs.OfAsync(manifests, name, CancellationToken.None);
    }

    private static int Looks(ScriptedContext context) =>
        context.Ran.Count(s => s == RehydrationSteps.Check.Name);

    /// <summary>The flow, run as runners do.</summary>
    private static async Task<RehydrateResult> RunAsync(
        Rig rig, ScriptedContext context, RehydrationPriority? priority = null)
    {
        var flow = RehydrateParts.Flows(rig.Options).Single();
        var name = RehydrateNames.Rehydrate;
        var input = new RehydrateInput(Rig.Machine, 4, ArchivedRig.Disk, Priority: priority);
        var json = await flow.RunJsonAsync(context, JsonSerializer.Serialize(input, name.Input));
        return JsonSerializer.Deserialize(json, name.Output)!;
    }

    /// <summary>A machine, the context of a job, and what will be readable under which names.</summary>
    private static async Task<(Rig, ScriptedContext, List<string>)> ReadyAsync(
        string way, long mostHighBytes = 10L << 30)
    {
        var rig = await ArchivedRig.CreateAsync(
            41, way, RehydrationMargins.Default with
            {
                MostHighBytes = mostHighBytes, FirstWait = TimeSpan.FromMinutes(7),
            });
        var context = new ScriptedContext(rig.Life.Steps, rig.Time, "job");
        var next = (await rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.NextOperation;
        var targets = ArchivedRig.Data(rig)
            .Select(n => RehydrationWays.TargetOf(way, Rig.Machine, next, n)).ToList();
        return (rig, context, targets);
    }
}
