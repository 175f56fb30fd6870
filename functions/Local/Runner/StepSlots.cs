using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>Runs steps, so many side by side, and repeats them as the cloud's runner would.</summary>
internal sealed partial class StepSlots
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _free;

    public StepSlots(int count, TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _free = Channel.CreateBounded<bool>(count);
        for (var i = 0; i < count; i++)
            _free.Writer.TryWrite(true);
    }

    /// <summary>Runs a step to its end; its last error is an end too. Throws only when stopped.</summary>
    public async Task<JournalEvent> RunAsync(
        string job, FlowCall call, Step step, CancellationToken stop)
    {
        // What an attempt that failed has used is used all the same.
        var meter = new UsageMeter();
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            // Taken anew for each attempt: a step that waits holds nobody up.
            await _free.Reader.ReadAsync(stop);
            try
            {
                var output = await Task.Run(
                    () => UsageMeter.RunAsync(
                        meter, () => step.RunJsonAsync(call.Input, stop)),
                    stop);
                PayloadTooLargeException.Check($"The result of step {step.Name}", output);
                return new JournalEvent(EventKind.Ended, call.Id, Value: output)
                {
                    Used = meter.Read(),
                };
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                if (attempt >= Retries.MostAttempts || !Retries.MayPass(error))
                {
                    LogFailed(_logger, error, job, call.Id, step.Name, attempt);
                    return JournalEvent.Failed(EventKind.Ended, call.Id, error) with
                    {
                        Used = meter.Read(),
                    };
                }
                wait = Retries.DelayAfter(attempt);
                if (error is StoreBusyException { RetryAfter: { } asked } && asked > wait)
                    wait = asked;
                LogRetry(_logger, error, job, call.Id, step.Name, attempt, wait);
            }
            finally
            {
                _free.Writer.TryWrite(true);
            }
            await Task.Delay(wait, _time, stop);
        }
    }

    [LoggerMessage(
        EventId = 7101, Level = LogLevel.Information,
        Message = "Job {Job}: attempt {Attempt} of step {Step}, call {Call}, failed; again in {Wait}")]
    private static partial void LogRetry(
        ILogger logger, Exception error, string job, string call, string step, int attempt,
        TimeSpan wait);

    [LoggerMessage(
        EventId = 7102, Level = LogLevel.Warning,
        Message = "Job {Job}: step {Step}, call {Call}, failed for good at attempt {Attempt}")]
    private static partial void LogFailed(
        ILogger logger, Exception error, string job, string call, string step, int attempt);
}
