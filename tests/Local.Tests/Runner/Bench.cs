using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.LocalTests.Runner;

/// <summary>A store, a clock, steps that count their runs, and runners over them.</summary>
internal sealed class Bench
{
    public static readonly StepName<int, int> Square =
        new("Square", RunnerJson.Default.Int32, RunnerJson.Default.Int32);

    public static readonly FlowName<int, string> Main =
        new("Main", RunnerJson.Default.Int32, RunnerJson.Default.String);

    public static readonly FlowName<int, string> Child =
        new("Child", RunnerJson.Default.Int32, RunnerJson.Default.String);

    public SimulatedStore Store { get; } = new(new SimulatedStoreOptions { Yields = true });

    public ManualTimeProvider Time { get; init; } = new(jumps: true);

    public ConcurrentDictionary<int, int> Runs { get; } = new();

    public Func<int, CancellationToken, Task<int>> Body { get; set; } =
        (input, _) => Task.FromResult(input * input);

    public LocalRunnerOptions Options { get; init; } =
        new() { MaxParallelSteps = 4, PollEvery = Timeout.InfiniteTimeSpan };

    /// <summary>A runner as a process makes one; the flow is its code.</summary>
    public LocalRunner Runner(
        Func<IFlowContext, int, Task<string>> main,
        Func<IFlowContext, int, Task<string>>? child = null, IObjectStore? store = null) =>
        new(
            store ?? Store, [new CodeFlow(Main, main), new CodeFlow(Child, child ?? main)],
            [new SquareStep(this)], Options, Time, NullLogger.Instance);

    public IEnumerable<string> Names(string prefix) =>
        Store.Fingerprint(prefix).Select(item => item.Name);

    public int Records(string id) => Names($"jobs/{id}/journal/").Count();

    private sealed class CodeFlow(
        FlowName<int, string> name, Func<IFlowContext, int, Task<string>> code)
        : Flow<int, string>(name)
    {
        public override Task<string> RunAsync(IFlowContext context, int input) =>
            code(context, input);
    }

    private sealed class SquareStep(Bench bench) : Step<int, int>(Square)
    {
        public override Task<int> RunAsync(int input, CancellationToken cancellation)
        {
            bench.Runs.AddOrUpdate(input, 1, (_, count) => count + 1);
            return bench.Body(input, cancellation);
        }
    }
}
