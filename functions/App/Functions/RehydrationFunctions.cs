using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.App.Intake;

namespace SnapshotFunctions.App.Functions;

/// <summary>The trigger of rehydrated blobs and two more steps, a line each.</summary>
public sealed class RehydrationFunctions(StepRunner runner, RehydrationNewsDesk desk)
{
    /// <summary>An event of a copy that was made, or of a blob that left the archive.</summary>
    [Function("BlobRehydrated")]
    public Task BlobRehydratedAsync(
        [ServiceBusTrigger(
            AppSettings.RehydratedQueue, Connection = AppSettings.ServiceBusConnection)]
        string message,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        desk.TellAsync(client, message, cancellation);

    /// <summary>Lists a rehydration.</summary>
    [Function("OpenRehydration")]
    public Task<string> OpenRehydrationAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenRehydration", input, cancellation);

    /// <summary>Removes a rehydration's copies.</summary>
    [Function("EndRehydration")]
    public Task<string> EndRehydrationAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("EndRehydration", input, cancellation);
}
