using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Stalls;

/// <summary>A serverless engine runs a step a second time long after the first: nothing changes.</summary>
public sealed class LateDuplicateTests(ITestOutputHelper output)
{
    private readonly ConcurrentQueue<(Step Step, string Input)> _log = new();
    private readonly Rig _rig = new(
        new EngineOptions { ChunkSteps = 2, ReverseTier = StorageTier.Cool },
        new ManifestOptions(2, 8, 1, 6));

    [Fact]
    public async Task Every_step_that_comes_again_after_later_operations_changes_nothing()
    {
        var disks = new Scenes.Disks();
        await IngestAsync(disks);
        await IngestAsync(disks);
        await _rig.SetRuleAsync(BaseRuleSettings.AfterForwards, 100);
        await IngestAsync(disks);
        await IngestAsync(disks);
        await RunAsync(FlowNames.Consolidate, new ConsolidateInput(Rig.Machine, 3));
        await Assert.ThrowsAsync<StepFailedException>(() => RunAsync(
            FlowNames.Ingest,
            _rig.InputOf("bad", [("disk0", disks.Broken()), ("disk1", disks.Data)], null)));
        await RunAsync(FlowNames.Undo, new UndoInput(Rig.Machine));
        _rig.Model.Remove(4);
        await RunAsync(FlowNames.Consolidate, new ConsolidateInput(Rig.Machine, 1));
        await IngestAsync(disks);
        await IngestAsync(disks);
        await RunAsync(ExpiryNames.Expire, new ExpireInput(Rig.Machine, [2, 6]));
        _rig.Model.Remove(2);
        _rig.Model.Remove(6);
        var recorded = _log.ToArray();

        // What follows is not recorded: it is what the late ones come after.
        disks.Change();
        await _rig.IngestAsync(disks.All);
        await _rig.ConsolidateAsync(3);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        disks.Change();
        await _rig.IngestAsync(disks.All);
        await _rig.ConsolidateAsync(8);
        await _rig.UndoAsync();
        await _rig.CheckAsync("before the late ones");
        await RepeatAsync(recorded);

        await _rig.CheckAsync("after the late ones");
        await ListedObjects.CheckAsync(_rig, "after the late ones");
        disks.Change();
        await _rig.IngestAsync(disks.All);
        await _rig.CheckAsync("after one more");
    }

    private async Task RepeatAsync((Step Step, string Input)[] recorded)
    {
        var before = Contents();
        var answers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var trouble = new List<string>();
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
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
            var after = Contents();
            if (!before.SequenceEqual(after))
            {
                trouble.Add($"{answer} of {input} changed "
                    + string.Join(", ", after.Except(before).Concat(before.Except(after))
                        .Select(changed => changed.Name).Distinct()));
            }
            before = after;
        }
        foreach (var (answer, count) in answers) output.WriteLine($"{count,4} {answer}");
        Assert.True(trouble.Count == 0, string.Join('\n', trouble));
        Assert.InRange(recorded.Length, 80, 1000);
    }

    private List<ObjectFingerprint> Contents() =>
    [
        .. _rig.Base.Fingerprint(ObjectNames.Machine(Rig.Machine)),
        .. _rig.Delta.Fingerprint(ObjectNames.Machine(Rig.Machine)),
    ];

    private async Task IngestAsync(Scenes.Disks disks)
    {
        disks.Change();
        disks.ChangeFiles(_rig);
        var input = _rig.InputOf(_rig.NextJob(), disks.All, null);
        var result = await RunAsync(FlowNames.Ingest, input);
        _rig.Model.Add(result.Version, Rig.Copy(disks.All));
        _rig.SettleFiles();
    }

    private async Task<TOut> RunAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var runner = new LocalRunner(
            _rig.Base, EngineParts.Flows(_rig.Options),
            _rig.Life.Steps.Select(step => new RecordingStep(step, _log)),
            new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, _rig.Time,
            NullLogger.Instance);
        var job = _rig.NextJob();
        await runner.StartAsync(flow, input, job, Rig.Machine);
        return await runner.RunToEndAsync(flow, job);
    }
}
