using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Rehydrating;

/// <summary>
/// Runs a flow straight through on a clock of its own, on which events come at times that a test
/// has chosen; a wait without one lasts until its time.
/// </summary>
internal sealed class ScriptedContext(
    IEnumerable<Step> steps, ManualTimeProvider time, string job) : IFlowContext
{
    private readonly Dictionary<string, Step> _steps = steps.ToDictionary(s => s.Name);

    public List<(DateTimeOffset At, string Name)> Events { get; } = [];

    public DateTimeOffset? CancelAt { get; set; }

    public List<string> Ran { get; } = [];

    public List<string> Phases { get; } = [];

    public string InstanceId => job;

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public bool IsReplaying => false;

    public bool IsCancelRequested => CancelAt <= UtcNow;

    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        Ran.Add(step.Name);
        try
        {
            return JsonSerializer.Deserialize(
                await _steps[step.Name].RunJsonAsync(
                    JsonSerializer.Serialize(input, step.Input), CancellationToken.None),
                step.Output)!;
        }
        catch (SnapshotException error)
        {
            throw new StepFailedException(step.Name, error.Code, error.Message);
        }
    }

    public Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input) =>
        throw new NotSupportedException("A rehydration runs no other flow.");

    public Task DelayUntilAsync(DateTimeOffset at) =>
        throw new NotSupportedException("A rehydration waits for events.");

    public Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until)
    {
        var next = Events.OrderBy(e => e.At).Where(e => e.At <= until).Cast<(DateTimeOffset, string)?>()
            .FirstOrDefault();
        if (CancelAt is { } cancel && cancel > UtcNow && cancel <= (next?.Item1 ?? until))
        {
            time.Advance(cancel - UtcNow);
            return Task.FromResult<T?>(default);
        }
        if (next is not { } found)
        {
            if (until > UtcNow) time.Advance(until - UtcNow);
            return Task.FromResult<T?>(default);
        }
        Events.Remove(found);
        if (found.Item1 > UtcNow) time.Advance(found.Item1 - UtcNow);
        var json = JsonSerializer.Serialize(new RehydratedNews(found.Item2), RehydrateNames.News);
        return Task.FromResult(JsonSerializer.Deserialize(json, type));
    }

    public void Report(FlowProgress progress)
    {
        if (Phases.Count == 0 || Phases[^1] != progress.Phase) Phases.Add(progress.Phase);
    }
}
