using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Cloning;
using SnapshotFunctions.Engine.Steps.Purging;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Stalls;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Steps of clones and deletions come a second time, long after the first.</summary>
public sealed class LateCloneTests(ITestOutputHelper output)
{
    private readonly ConcurrentQueue<(Step Step, string Input)> _log = new();

    [Fact]
    public async Task Every_step_that_comes_again_after_later_machines_of_the_name_changes_nothing()
    {
        var rig = CloneRig.New();
        var disk = CloneRig.NewDisk(3);
        await rig.IngestAsync("golden", disk);
        CloneRig.Change(disk, new Random(4));
        await rig.IngestAsync("golden", disk);
        foreach (var name in new[] { "kept", "flat", "anew", "gone" })
        {
            var made = await RunAsync(rig, CloneNames.Clone, new CloneInput("golden", 1, name));
            rig.Model(name).Add(made.Version, rig.Model("golden")[1]);
        }
        foreach (var name in new[] { "kept", "flat", "anew" })
        {
            CloneRig.Change(disk, new Random(name.Length));
            await IngestAsync(rig, name, disk);
        }
        await RunAsync(rig, CloneNames.Flatten, new FlattenFlowInput("flat"));
        await Assert.ThrowsAsync<StepFailedException>(
            () => RunAsync(rig, CloneNames.Clone, new CloneInput("golden", 2, "kept")));
        await RunAsync(rig, PurgeNames.Purge, new PurgeInput("anew"));
        await RunAsync(rig, PurgeNames.Purge, new PurgeInput("anew", Cancel: true));
        foreach (var name in new[] { "anew", "gone" })
        {
            Assert.True((await RunAsync(rig, PurgeNames.Purge, new PurgeInput(name, true))).IsGone);
            rig.Forget(name);
        }
        var recorded = _log.ToArray();

        // What follows is not recorded: it is what the late ones come after.
        rig.Rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.SweepAsync();
        CloneRig.Change(disk, new Random(9));
        await rig.IngestAsync("anew", disk);
        await rig.PurgeAsync("anew");
        await rig.CloneAsync("flat", null, "more");
        CloneRig.Change(disk, new Random(10));
        foreach (var name in new[] { "flat", "kept" }) await rig.IngestAsync(name, disk);
        await rig.CheckAsync("before the late ones");
        await RepeatAsync(rig, recorded);

        await rig.CheckAsync("after the late ones");
        await rig.PurgeAsync("anew", cancel: true);
        await rig.IngestAsync("anew", disk);
        await rig.CheckAsync("after one more");
    }

    private async Task RepeatAsync(CloneRig rig, (Step Step, string Input)[] recorded)
    {
        var before = rig.Contents();
        var (answers, trouble) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var (step, input) in recorded)
        {
            string answer;
            try
            {
                await step.RunJsonAsync(input, CancellationToken.None);
                answer = $"{step.Name}: done";
            }
            catch (SnapshotException refused)
            {
                answer = $"{step.Name}: {refused.Code}";
            }
            answers.Add(answer);
            var after = rig.Contents();
            if (!before.SequenceEqual(after))
                trouble.Add($"{answer} of {input} changed "
                    + string.Join(", ", after.Except(before).Concat(before.Except(after))
                        .Select(changed => changed.Name).Distinct()));
            before = after;
        }
        foreach (var answer in answers) output.WriteLine(answer);
        Assert.True(trouble.Count == 0, string.Join('\n', trouble));
        var names = recorded.Select(r => r.Step.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(
                [
                    CloneSteps.Pin.Name, CloneSteps.Create.Name, CloneSteps.Unpin.Name,
                    CloneSteps.OpenFlatten.Name, CloneSteps.FlattenShard.Name,
                    CloneSteps.CloseFlatten.Name, PurgeSteps.Mark.Name,
                    PurgeSteps.DeleteHead.Name, PurgeSteps.DeleteObjects.Name,
                ],
                StringComparer.Ordinal),
            names);
    }

    private async Task IngestAsync(CloneRig rig, string machine, byte[] disk)
    {
        var job = rig.Rig.NextJob();
        rig.Rig.Sources.Add(job, (byte[])disk.Clone());
        var result = await RunAsync(
            rig, FlowNames.Ingest, new IngestInput(machine, [new IngestDisk(job, "disk0")]));
        rig.Model(machine).Add(result.Version, (byte[])disk.Clone());
    }

    private async Task<TOut> RunAsync<TIn, TOut>(
        CloneRig rig, FlowName<TIn, TOut> flow, TIn input)
    {
        var runner = new LocalRunner(
            rig.Rig.Base, EngineParts.Flows(rig.Rig.Options),
            rig.Rig.Life.Steps.Select(step => new RecordingStep(step, _log)),
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, rig.Rig.Time,
            NullLogger.Instance);
        var job = rig.Rig.NextJob();
        await runner.StartAsync(flow, input, job, "golden");
        return await runner.RunToEndAsync(flow, job);
    }
}
