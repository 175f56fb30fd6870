using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>How a local runner works; the defaults suit one machine.</summary>
public sealed record LocalRunnerOptions
{
    /// <summary>How many steps run side by side, over all jobs of the runner.</summary>
    public int MaxParallelSteps { get; init; } = Environment.ProcessorCount;

    /// <summary>How many finished jobs stay listed; the oldest beyond them are removed.</summary>
    public int MaxFinishedJobs { get; init; } = 200;

    /// <summary>
    /// How often a running job looks for what another process left it: a request to cancel, an
    /// event. Infinite for never; what this process asks is seen at once in any case.
    /// </summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told of each new report of a flow, never of a replayed one.</summary>
    public IProgress<(string InstanceId, FlowProgress Progress)>? Progress { get; init; }

    /// <summary>Told of starts, first drives and ends.</summary>
    public IJobEvents? Events { get; init; }
}
