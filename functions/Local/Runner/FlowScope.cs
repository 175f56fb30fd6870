using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>The context of one flow or sub-flow: numbers its calls and hands them to the run.</summary>
internal sealed class FlowScope(FlowExecution run, FlowScope? parent, string path) : IFlowContext
{
    private int _calls;
    private bool _ended;

    /// <summary>The call that this sub-flow is; empty for the job's own flow.</summary>
    public string Path => path;

    /// <summary>Whether this flow, or one around it, has ended: what it still does has no effect.</summary>
    public bool HasEnded => _ended || parent is { HasEnded: true };

    /// <inheritdoc/>
    public string InstanceId => path.Length == 0 ? run.InstanceId : $"{run.InstanceId}:{path}";

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => run.UtcNow;

    /// <inheritdoc/>
    public bool IsReplaying => run.IsReplaying;

    /// <inheritdoc/>
    public bool IsCancelRequested => run.IsCancelRequested;

    /// <inheritdoc/>
    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        var json = JsonSerializer.Serialize(input, step.Input);
        PayloadTooLargeException.Check($"The input of step {step.Name}", json);
        var result = await run.CallAsync(this, CallKind.Step, step.Name, json);
        return JsonSerializer.Deserialize(result!, step.Output)!;
    }

    /// <inheritdoc/>
    public async Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        PayloadTooLargeException.Check($"The input of flow {flow.Name}", json);
        var result = await run.CallAsync(this, CallKind.Flow, flow.Name, json);
        return JsonSerializer.Deserialize(result!, flow.Output)!;
    }

    /// <inheritdoc/>
    public Task DelayUntilAsync(DateTimeOffset time) =>
        run.CallAsync(this, CallKind.Delay, "until", Written(time), time);

    /// <inheritdoc/>
    public async Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until)
    {
        var result = await run.CallAsync(this, CallKind.Event, name, Written(until), until);
        return result is null ? default : JsonSerializer.Deserialize(result, type);
    }

    /// <inheritdoc/>
    public void Report(FlowProgress progress) => run.Report(this, progress);

    /// <summary>The id of the next call.</summary>
    public string NextCall()
    {
        var number = (++_calls).ToString(CultureInfo.InvariantCulture);
        return path.Length == 0 ? number : $"{path}:{number}";
    }

    /// <summary>The id of the last call, for messages.</summary>
    public string LastCall => path.Length == 0 ? $"{_calls}" : $"{path}:{_calls}";

    /// <summary>The flow returned or threw.</summary>
    public void End() => _ended = true;

    private static string Written(DateTimeOffset time) =>
        time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
