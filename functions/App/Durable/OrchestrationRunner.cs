using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.App.Durable;

/// <summary>What every orchestrator function does: runs the flow of its name.</summary>
public sealed partial class OrchestrationRunner(FlowCatalog flows)
{
    /// <summary>The activity that writes a job's end into the table of jobs.</summary>
    public const string RecordJob = "RecordJob";

    /// <summary>Runs the flow that the orchestration is named after.</summary>
    /// <returns>The flow's result as JSON; of a part, a <see cref="StepAnswer"/>.</returns>
    /// <exception cref="FlowFailedException">The job failed.</exception>
    public async Task<string> RunAsync(TaskOrchestrationContext context)
    {
        var input = FlowInput.Parse(context.GetInput<string>());
        var run = new DurableFlowContext(context, input);
        var answer = await AnswerAsync(context, run, input.Input);
        if (input.IsPart) return answer.ToJson();
        await RecordAsync(context, run, input, answer);
        if (answer.ErrorCode is not null || run.Used is not null)
        {
            context.SetCustomStatus(new JobReport(
                run.Progress, run.IsCancelRequested, answer.ErrorCode, answer.ErrorMessage,
                run.Used).ToJson());
        }
        if (answer.ErrorCode is null) return answer.Output!;
        throw new FlowFailedException(context.Name, answer.ErrorCode, answer.ErrorMessage!);
    }

    private async Task<StepAnswer> AnswerAsync(
        TaskOrchestrationContext context, DurableFlowContext run, string input)
    {
        var flow = flows.Find(context.Name, context.Version);
        try
        {
            var output = await flow.RunJsonAsync(run, input);
            PayloadTooLargeException.Check($"The result of flow {flow.Name}", output);
            return new StepAnswer(output, Used: run.Used);
        }
        catch (Exception error) when (!IsOfRuntime(error))
        {
            LogEnded(
                context.CreateReplaySafeLogger<OrchestrationRunner>(), context.InstanceId,
                flow.Name, Retries.CodeOf(error), error);
            return StepAnswer.Of(error) with { Used = run.Used };
        }
    }

    /// <summary>
    /// The end is written before the orchestration ends, for then nobody is left to write it. A row
    /// that cannot be written is not worth a job: the history tells of it all the same.
    /// </summary>
    private static async Task RecordAsync(
        TaskOrchestrationContext context, DurableFlowContext run, FlowInput input,
        StepAnswer answer)
    {
        var state = answer.ErrorCode is null ? "completed"
            : answer.ErrorCode is "canceled" && run.IsCancelRequested ? "cancelled"
            : "failed";
        var row = new JobRow(
            context.InstanceId, context.Name, input.Subject, state, input.Started ?? run.UtcNow,
            run.UtcNow, answer.Output, answer.ErrorCode, answer.ErrorMessage);
        try
        {
            await context.CallActivityAsync<string>(
                RecordJob, JsonSerializer.Serialize(row, DurableJson.Default.JobRow));
        }
        catch (TaskFailedException)
        {
            // See above.
        }
    }

    /// <summary>
    /// Errors that are the replay's own, not the flow's: the runtime must see them. A flow that is
    /// replayed against a history of other calls is told so by the runtime's exception.
    /// </summary>
    private static bool IsOfRuntime(Exception error) =>
        error.GetType().FullName is { } name
        && (name.StartsWith("DurableTask.Core.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.DurableTask.", StringComparison.Ordinal));

    [LoggerMessage(
        EventId = 7211, Level = LogLevel.Warning, Message = "Job {Job}: flow {Flow} failed: {Code}")]
    private static partial void LogEnded(
        ILogger logger, string job, string flow, string code, Exception error);
}
