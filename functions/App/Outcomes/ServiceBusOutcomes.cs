using Azure.Messaging.ServiceBus;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.App.Outcomes;

/// <summary>
/// Outcomes on a topic, as CloudEvents; the message's id is the event's, so that the topic's
/// duplicate detection drops one that is told twice. The log has them first.
/// </summary>
public sealed class ServiceBusOutcomes(ServiceBusClient client, LogOutcomes log)
    : IOutcomes, IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(AppSettings.OutcomesTopic);

    /// <inheritdoc/>
    public async Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellation = default)
    {
        await log.PublishAsync(outcome, cancellation);
        try
        {
            await _sender.SendMessageAsync(Compose(outcome), cancellation);
        }
        catch (Exception error) when (
            error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever it is, it may pass; the step is tried again some times and then let be.
            throw new StoreBusyException(
                AppSettings.OutcomesTopic, "an outcome could not be published", inner: error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    /// <summary>The message of an outcome; readers filter by its subject, which is the type.</summary>
    internal static ServiceBusMessage Compose(OutcomeEvent outcome) => new(outcome.ToJson())
    {
        MessageId = outcome.Id, Subject = outcome.Type, ContentType = OutcomeEvent.ContentType,
    };
}
