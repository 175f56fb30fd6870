using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.App.Outcomes;

/// <summary>
/// Outcomes in the log alone; the table of jobs has each job's result beside it. Used where there
/// is no Service Bus, and before the topic where there is one, for the alerts read the log.
/// </summary>
public sealed partial class LogOutcomes(ILogger<LogOutcomes> logger) : IOutcomes
{
    /// <inheritdoc/>
    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellation = default)
    {
        if (outcome.Type is OutcomeKinds.VerifyFailed)
        {
            LogVerifyFailed(
                logger, outcome.Source, outcome.Data.Errors ?? 0, outcome.Id);
        }
        else
        {
            LogOutcome(logger, outcome.Type, outcome.Source, outcome.Subject, outcome.ToJson());
        }
        return Task.CompletedTask;
    }

    [LoggerMessage(
        EventId = 7401, EventName = "Outcome", Level = LogLevel.Information,
        Message = "{Type} of {Source}, {Subject}: {Event}")]
    private static partial void LogOutcome(
        ILogger logger, string type, string source, string subject, string @event);

    [LoggerMessage(
        EventId = 7402, EventName = "VerifyFailed", Level = LogLevel.Error,
        Message = "A verification of {Source} has found {Errors} errors ({Id})")]
    private static partial void LogVerifyFailed(
        ILogger logger, string source, long errors, string id);
}
