using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Time;

namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>
/// Runs flows straight through on a clock that waits move on: a runner whose journal costs the
/// stores nothing, as that of a cloud's engine lies elsewhere.
/// </summary>
internal sealed class HourContext(
    IReadOnlyDictionary<string, Flow> flows, IReadOnlyDictionary<string, Step> steps,
    ManualTimeProvider clock, string job) : IFlowContext
{
    public string InstanceId => job;

    public DateTimeOffset UtcNow => clock.GetUtcNow();

    public bool IsReplaying => false;

    public bool IsCancelRequested => false;

    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        try
        {
            var json = JsonSerializer.Serialize(input, step.Input);
            var result = await steps[step.Name].RunJsonAsync(json, CancellationToken.None);
            return JsonSerializer.Deserialize(result, step.Output)!;
        }
        catch (SnapshotException error)
        {
            throw new StepFailedException(step.Name, error.Code, error.Message);
        }
    }

    public async Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        var result = await flows[flow.Name].RunJsonAsync(this, json);
        return JsonSerializer.Deserialize(result, flow.Output)!;
    }

    public Task DelayUntilAsync(DateTimeOffset time)
    {
        if (time > clock.GetUtcNow()) clock.Advance(time - clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public async Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until)
    {
        await DelayUntilAsync(until);
        return default;
    }

    public void Report(FlowProgress progress)
    {
    }
}
