using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.SimulationTests.Check;

/// <summary>Runs flows and steps at once, with inputs and results as JSON, as runners do.</summary>
internal sealed class InlineContext(IEnumerable<Flow> flows, IEnumerable<Step> steps) : IFlowContext
{
    private const int MostBytes = 16 << 10;

    private readonly Dictionary<string, Flow> _flows = flows.ToDictionary(f => f.Name);
    private readonly Dictionary<string, Step> _steps = steps.ToDictionary(s => s.Name);

    public string InstanceId => "inline";

    public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch;

    public bool IsReplaying => false;

    public bool IsCancelRequested => false;

    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        try
        {
            return await RunAsync(
                step.Input, step.Output, input,
                json => _steps[step.Name].RunJsonAsync(json, CancellationToken.None));
        }
        catch (SnapshotException error)
        {
            throw new StepFailedException(step.Name, error.Code, error.Message);
        }
    }

    public Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input) => RunAsync(
        flow.Input, flow.Output, input, json => _flows[flow.Name].RunJsonAsync(this, json));

    public Task DelayUntilAsync(DateTimeOffset time) => Task.CompletedTask;

    public Task<T?> WaitForEventAsync<T>(string name, JsonTypeInfo<T> type, DateTimeOffset until) =>
        Task.FromResult<T?>(default);

    public void Report(FlowProgress progress)
    {
    }

    private static async Task<TOut> RunAsync<TIn, TOut>(
        JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output, TIn value,
        Func<string, Task<string>> run)
    {
        var json = JsonSerializer.Serialize(value, input);
        if (json.Length > MostBytes) throw new InvalidOperationException("The input is too long.");
        var result = await run(json);
        if (result.Length > MostBytes) throw new InvalidOperationException("The result is too long.");
        return JsonSerializer.Deserialize(result, output)!;
    }
}
