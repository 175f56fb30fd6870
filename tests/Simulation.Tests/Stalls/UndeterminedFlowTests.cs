using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Stalls;

public sealed class UndeterminedFlowTests
{
    [Fact]
    public async Task A_flow_that_asks_something_else_each_time_fails_on_replay()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 2);
        var process = new SimulatedProcess();
        // Some steps are asked and journaled by then; the flow would ask for ever.
        process.Faults = SimulatedProcess.CrashAt(40, after: false);
        var first = Runner(rig, process, rig.LifeOf(process));
        await first.StartAsync(
            FlowNames.Consolidate, new ConsolidateInput(Rig.Machine, 1), "odd", Rig.Machine);
        await Assert.ThrowsAsync<SimulatedCrashException>(() => first.RunToEndAsync("odd"));

        var again = new SimulatedProcess();
        var second = Runner(rig, again, rig.LifeOf(again));
        var resumed = Assert.Single(await second.ResumeAllAsync());
        var error = Assert.IsType<NonDeterministicFlowException>(resumed.Trouble);
        Assert.Equal("odd", error.InstanceId);
        Assert.NotEqual(error.Expected, error.Found);
        Assert.Equal(JobState.Running, resumed.Job.State);
        rig.NewLife();
        await rig.CheckAsync("after the replay");
    }

    private static LocalRunner Runner(Rig rig, SimulatedProcess process, Life life) => new(
        rig.Base.For(process), [new OddFlow()], life.Steps,
        new LocalRunnerOptions { PollEvery = Timeout.InfiniteTimeSpan }, rig.Time,
        NullLogger.Instance);

    /// <summary>Puts something into a step's input that no replay can know.</summary>
    private sealed class OddFlow() : Flow<ConsolidateInput, ConsolidateResult>(FlowNames.Consolidate)
    {
        public override async Task<ConsolidateResult> RunAsync(
            IFlowContext context, ConsolidateInput input)
        {
            var job = $"{Guid.NewGuid():N}";
            for (var i = 0; ; i++)
            {
                await context.RunStepAsync(
                    PhaseNames.TakeTurn, new TurnInput(input.Machine, $"{job}-{i}", false));
            }
        }
    }
}
