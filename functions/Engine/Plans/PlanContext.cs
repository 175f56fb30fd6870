using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// Runs a flow straight through for a plan: no journal, no other attempt, no wait. Inputs and
/// results go through their JSON, as on every runner.
/// </summary>
internal sealed class PlanContext(
    string id, IReadOnlyDictionary<string, Flow> flows, IReadOnlyDictionary<string, Step> steps,
    PlanClock clock, CancellationToken cancellation) : IFlowContext
{
    private int _parts;

    /// <inheritdoc/>
    public string InstanceId => id;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => clock.GetUtcNow();

    /// <inheritdoc/>
    public bool IsReplaying => false;

    /// <inheritdoc/>
    public bool IsCancelRequested => cancellation.IsCancellationRequested;

    /// <inheritdoc/>
    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        cancellation.ThrowIfCancellationRequested();
        var json = JsonSerializer.Serialize(input, step.Input);
        var output = await RunAsync(
            step.Name, () => Find(steps, step.Name).RunJsonAsync(json, cancellation));
        var result = JsonSerializer.Deserialize(output, step.Output)!;
        // What a job leaves that is at work now cannot be known before it has ended.
        if (result is Turn { Epoch: 0, HeldBy: { } owner })
            throw new RefusedException(
                "at-work",
                $"Another job works on the machine ({owner}): what it leaves cannot be planned "
                + "for yet. Ask again when it has ended.");
        return result;
    }

    /// <inheritdoc/>
    public async Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        var part = new PlanContext(
            $"{id}:{Interlocked.Increment(ref _parts)}", flows, steps, clock, cancellation);
        var output = await RunAsync(
            flow.Name, () => Find(flows, flow.Name).RunJsonAsync(part, json));
        return JsonSerializer.Deserialize(output, flow.Output)!;
    }

    /// <inheritdoc/>
    public Task DelayUntilAsync(DateTimeOffset time)
    {
        clock.GoTo(time);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until)
    {
        // Nobody raises events to a plan: it takes the longest way.
        clock.GoTo(until);
        return Task.FromResult<T?>(default);
    }

    /// <inheritdoc/>
    public void Report(FlowProgress progress)
    {
        // Nobody watches a plan.
    }

    private static T Find<T>(IReadOnlyDictionary<string, T> parts, string name) =>
        parts.TryGetValue(name, out var found)
            ? found
            : throw new NoSuchException($"flow or step '{name}' to plan", "It cannot be planned.");

    private static async Task<string> RunAsync(string name, Func<Task<string>> work)
    {
        try
        {
            return await work();
        }
        catch (SnapshotException error) when (error is not (StepFailedException or RefusedException
            { Reason: "at-work" }))
        {
            throw new StepFailedException(name, Retries.CodeOf(error), error.Message);
        }
    }
}
