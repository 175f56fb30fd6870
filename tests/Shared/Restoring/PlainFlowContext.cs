using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>
/// Runs a flow straight through, without a journal: every input and result goes through its JSON,
/// errors reach the flow as on a runner, and a crash ends everything.
/// </summary>
public sealed class PlainFlowContext(IEnumerable<Flow> flows, IEnumerable<Step> steps)
    : IFlowContext
{
    private readonly Dictionary<string, Flow> _flows =
        flows.ToDictionary(f => f.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, Step> _steps =
        steps.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public string InstanceId => "plain";

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch;

    /// <inheritdoc/>
    public bool IsReplaying => false;

    /// <inheritdoc/>
    public bool IsCancelRequested { get; set; }

    /// <summary>What was reported, in order.</summary>
    public List<FlowProgress> Reports { get; } = [];

    /// <summary>The steps that were begun, in order.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>Sees each step as it ends.</summary>
    public Action<string>? OnStepEnded { get; set; }

    /// <summary>
    /// Starts the process again after a crash, whereupon the step is repeated; null: a crash ends
    /// the flow too.
    /// </summary>
    public Action? OnCrash { get; set; }

    /// <summary>The size of the longest input or result.</summary>
    public int LongestText { get; private set; }

    /// <inheritdoc/>
    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        Steps.Add(step.Name);
        var json = JsonSerializer.Serialize(input, step.Input);
        var result = await RunAsync(
            step.Name, () => _steps[step.Name].RunJsonAsync(json, CancellationToken.None));
        LongestText = Math.Max(LongestText, Math.Max(json.Length, result.Length));
        OnStepEnded?.Invoke(step.Name);
        return JsonSerializer.Deserialize(result, step.Output)!;
    }

    /// <inheritdoc/>
    public async Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        var result = await RunAsync(flow.Name, () => _flows[flow.Name].RunJsonAsync(this, json));
        LongestText = Math.Max(LongestText, Math.Max(json.Length, result.Length));
        return JsonSerializer.Deserialize(result, flow.Output)!;
    }

    /// <inheritdoc/>
    public Task DelayUntilAsync(DateTimeOffset time) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until) => Task.FromResult<T?>(default);

    /// <inheritdoc/>
    public void Report(FlowProgress progress) => Reports.Add(progress);

    private async Task<string> RunAsync(string name, Func<Task<string>> work)
    {
        try
        {
            return await work();
        }
        catch (SimulatedCrashException) when (OnCrash is not null)
        {
            OnCrash();
            return await RunAsync(name, work);
        }
        catch (Exception error) when (error is SnapshotException or OperationCanceledException)
        {
            throw new StepFailedException(name, Retries.CodeOf(error), error.Message);
        }
    }
}
