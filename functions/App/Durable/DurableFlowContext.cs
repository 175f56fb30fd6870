using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.App.Durable;

/// <summary>
/// The engine's flow context over a Durable orchestration. Steps are activities, sub-flows
/// sub-orchestrations of the same version, waits durable timers; a wish to cancel is an external
/// event, handed on to the sub-flows that run. Everything it decides comes from the history.
/// </summary>
internal sealed partial class DurableFlowContext : IFlowContext
{
    /// <summary>The event that asks a job to end.</summary>
    public const string CancelEvent = "Cancel";

    private readonly TaskOrchestrationContext _context;
    private readonly ILogger _logger;
    private readonly Task<string> _cancel;
    private readonly bool _cancelledBefore;
    private int _parts;

    /// <summary>The context of one run of a flow.</summary>
    public DurableFlowContext(TaskOrchestrationContext context, FlowInput input)
    {
        _context = context;
        _logger = context.CreateReplaySafeLogger("SnapshotFunctions.Flows");
        _cancelledBefore = input.CancelRequested;
        _cancel = context.WaitForExternalEvent<string>(CancelEvent);
    }

    /// <inheritdoc/>
    public string InstanceId => _context.InstanceId;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow =>
        new(DateTime.SpecifyKind(_context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <inheritdoc/>
    public bool IsReplaying => _context.IsReplaying;

    /// <inheritdoc/>
    public bool IsCancelRequested => _cancelledBefore || _cancel.IsCompleted;

    /// <summary>The last report.</summary>
    public FlowProgress? Progress { get; private set; }

    /// <summary>
    /// What its steps and parts have used; null while none has told. It comes from the history, as
    /// all here.
    /// </summary>
    public Usage? Used { get; private set; }

    /// <inheritdoc/>
    public async Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input)
    {
        var json = JsonSerializer.Serialize(input, step.Input);
        PayloadTooLargeException.Check($"The input of step {step.Name}", json);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AskAsync(step.Name, json);
            Count(answer);
            if (answer.ErrorCode is null)
                return JsonSerializer.Deserialize(answer.Output!, step.Output)!;
            if (attempt >= Retries.MostAttempts || !answer.MayPass)
            {
                LogFailed(_logger, InstanceId, step.Name, attempt, answer.ErrorCode);
                throw new StepFailedException(
                    step.Name, answer.ErrorCode, answer.ErrorMessage ?? answer.ErrorCode);
            }
            var wait = Retries.DelayAfter(attempt);
            var asked = TimeSpan.FromMilliseconds(answer.RetryAfterMs ?? 0);
            if (asked > wait) wait = asked;
            LogRetry(_logger, InstanceId, step.Name, attempt, answer.ErrorCode, wait);
            await _context.CreateTimer(wait, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
    {
        var json = JsonSerializer.Serialize(input, flow.Input);
        PayloadTooLargeException.Check($"The input of flow {flow.Name}", json);
        var id = $"{InstanceId}:{(++_parts).ToString(CultureInfo.InvariantCulture)}";
        var options = new SubOrchestrationOptions(instanceId: id);
        // The parts of one job run the same code, though the app was deployed anew meanwhile.
        // Of a job without a version the runtime tells null, whatever its signature says.
        if (!string.IsNullOrEmpty(_context.Version))
            options = options with { Version = new TaskVersion(_context.Version) };
        var cancelled = IsCancelRequested;
        var running = _context.CallSubOrchestratorAsync<string>(
            flow.Name, new FlowInput(json, IsPart: true, CancelRequested: cancelled).ToJson(),
            options);
        if (!cancelled && await Task.WhenAny(running, _cancel) != running)
            _context.SendEvent(id, CancelEvent, string.Empty);
        var answer = await AnswerAsync(running);
        Count(answer);
        return answer.ErrorCode is null
            ? JsonSerializer.Deserialize(answer.Output!, flow.Output)!
            : throw new StepFailedException(
                flow.Name, answer.ErrorCode, answer.ErrorMessage ?? answer.ErrorCode);
    }

    /// <inheritdoc/>
    public Task DelayUntilAsync(DateTimeOffset time) =>
        _context.CreateTimer(time.UtcDateTime, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<T?> WaitForEventAsync<T>(
        string name, JsonTypeInfo<T> type, DateTimeOffset until)
    {
        using var stop = new CancellationTokenSource();
        var raised = _context.WaitForExternalEvent<string>(name, stop.Token);
        var timer = _context.CreateTimer(until.UtcDateTime, stop.Token);
        // Asked to end before, it waits as if nobody had: who waits then has its reason.
        var first = _cancel.IsCompleted
            ? await Task.WhenAny(raised, timer)
            : await Task.WhenAny(raised, timer, _cancel);
        // Those that lost must not hold the orchestration, nor take a later event. Not awaited:
        // only what the context has returned may be.
#pragma warning disable CA1849, MA0042
        stop.Cancel();
#pragma warning restore CA1849, MA0042
        return first == raised ? JsonSerializer.Deserialize(await raised, type) : default;
    }

    /// <inheritdoc/>
    public void Report(FlowProgress progress)
    {
        Progress = progress;
        _context.SetCustomStatus(new JobReport(
            progress, IsCancelRequested, Used: Used).ToJson());
    }

    private void Count(StepAnswer answer)
    {
        if (answer.Used is { Lines.Count: > 0 } used) Used = Used?.Plus(used) ?? used;
    }

    private async Task<StepAnswer> AskAsync(string step, string input) =>
        await AnswerAsync(_context.CallActivityAsync<string>(step, input));

    private static async Task<StepAnswer> AnswerAsync(Task<string> running)
    {
        try
        {
            return StepAnswer.Parse(await running);
        }
        catch (TaskFailedException lost)
        {
            return StepAnswer.Lost(lost.FailureDetails.ErrorMessage);
        }
    }

    [LoggerMessage(
        EventId = 7201, Level = LogLevel.Information,
        Message = "Job {Job}: attempt {Attempt} of step {Step} failed: {Code}; again in {Wait}")]
    private static partial void LogRetry(
        ILogger logger, string job, string step, int attempt, string code, TimeSpan wait);

    [LoggerMessage(
        EventId = 7202, Level = LogLevel.Warning,
        Message = "Job {Job}: step {Step} failed for good at attempt {Attempt}: {Code}")]
    private static partial void LogFailed(
        ILogger logger, string job, string step, int attempt, string code);
}
