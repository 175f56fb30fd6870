using System.Text.Json;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.App.Durable;

/// <summary>What every activity function does: runs the step of its name.</summary>
public sealed partial class StepRunner(EngineSource engine, ILogger<StepRunner> logger)
{
    /// <summary>Runs a step.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="input">Its input as JSON.</param>
    /// <param name="cancellation">The host's stop.</param>
    /// <returns>A <see cref="StepAnswer"/> as JSON.</returns>
    /// <exception cref="OperationCanceledException">
    /// The host stops: no answer, so that the step is run again elsewhere.
    /// </exception>
    public async Task<string> RunAsync(string step, string input, CancellationToken cancellation)
    {
        var meter = new UsageMeter();
        try
        {
            var steps = (await engine.GetAsync(cancellation)).Steps;
            if (!steps.TryGetValue(step, out var known))
                throw new NoSuchException($"step '{step}'", "Register it with the app.");
            var output = await UsageMeter.RunAsync(
                meter, () => known.RunJsonAsync(input, cancellation));
            PayloadTooLargeException.Check($"The result of step {step}", output);
            return new StepAnswer(output, Used: meter.Read()).ToJson();
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, step, Retries.CodeOf(error), error);
            return (StepAnswer.Of(error) with { Used = meter.Read() }).ToJson();
        }
    }

    /// <summary>Writes a job's row, where there are tables.</summary>
    public async Task<string> RecordAsync(string row, CancellationToken cancellation)
    {
        try
        {
            if ((await engine.GetAsync(cancellation)).Tables is { } tables
                && JsonSerializer.Deserialize(row, DurableJson.Default.JobRow) is { } job)
                await tables.WriteJobAsync(job, cancellation);
            return new StepAnswer("true").ToJson();
        }
        catch (SnapshotException error) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, OrchestrationRunner.RecordJob, error.Code, error);
            return StepAnswer.Of(error).ToJson();
        }
    }

    [LoggerMessage(
        EventId = 7221, Level = LogLevel.Warning, Message = "Step {Step} failed: {Code}")]
    private static partial void LogFailed(
        ILogger logger, string step, string code, Exception error);
}
