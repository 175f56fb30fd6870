using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.App.Intake;

namespace SnapshotFunctions.App.Functions;

/// <summary>The triggers of uploads, a line each.</summary>
public sealed class UploadFunctions(UploadIntake intake)
{
    /// <summary>Every five minutes: events can be late or lost.</summary>
    private const string Often = "0 */5 * * * *";

    /// <summary>
    /// A blob has arrived. Bound to its client, never to its bytes: an image is larger than any
    /// memory.
    /// </summary>
    [Function("UploadArrived")]
    public Task UploadArrivedAsync(
        [BlobTrigger(
            AppSettings.IncomingContainer + "/{name}", Source = BlobTriggerSource.EventGrid,
            Connection = AppSettings.IncomingConnection)]
        BlobClient blob,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        intake.ArrivedAsync(client, blob, cancellation);

    /// <summary>A message of an arrived blob; one machine's messages come one after the other.</summary>
    [Function("UploadQueued")]
    public Task UploadQueuedAsync(
        [ServiceBusTrigger(
            AppSettings.UploadsQueue, Connection = AppSettings.ServiceBusConnection,
            IsSessionsEnabled = true)]
        string message,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        intake.StartAsync(client, ArrivalMessage.Parse(message).Machine, cancellation);

    /// <summary>A message that could not be handled.</summary>
    [Function("UploadDeadLettered")]
    public Task UploadDeadLetteredAsync(
        [ServiceBusTrigger(
            AppSettings.UploadsQueue + "/$DeadLetterQueue",
            Connection = AppSettings.ServiceBusConnection)]
        ServiceBusReceivedMessage message,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        intake.RejectAsync(
            client, message.Body.ToString(),
            message.DeadLetterErrorDescription ?? message.DeadLetterReason, cancellation);

    /// <summary>Compares the uploads with the jobs and the manifests.</summary>
    [Function("ReconcileUploads")]
    public Task ReconcileUploadsAsync(
        [TimerTrigger(Often)] TimerInfo timer,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        intake.ReconcileAsync(client, cancellation);
}
