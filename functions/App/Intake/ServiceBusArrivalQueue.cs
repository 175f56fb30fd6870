using Azure.Messaging.ServiceBus;
using SnapshotFunctions.App.Hosting;

namespace SnapshotFunctions.App.Intake;

/// <summary>
/// The session queue: the session is the machine, the id the blob and its state, so that of an
/// event that is delivered twice the queue keeps one.
/// </summary>
public sealed class ServiceBusArrivalQueue(ServiceBusClient client) : IArrivalQueue, IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(AppSettings.UploadsQueue);

    /// <inheritdoc/>
    public bool IsThere => true;

    /// <inheritdoc/>
    public Task SendAsync(ArrivalMessage message, CancellationToken cancellation) =>
        _sender.SendMessageAsync(Compose(message), cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    /// <summary>The message of an arrival.</summary>
    internal static ServiceBusMessage Compose(ArrivalMessage message) => new(message.ToJson())
    {
        MessageId = message.Id, SessionId = message.Session, ContentType = "application/json",
    };
}
