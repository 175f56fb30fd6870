using System.Text.Json;
using Azure.Storage.Blobs;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.App.Intake;

/// <summary>
/// What the triggers of uploads do: say which machine to look at, and start the jobs that its
/// uploads ask for. A job's id comes from the upload's state, so that it does not matter how often
/// and by whom a state is told.
/// </summary>
public sealed partial class UploadIntake(
    EngineSource engine, IArrivalQueue queue, IOutcomes outcomes, JobStarter jobs,
    TimeProvider time, ILogger<UploadIntake> logger)
{
    private const string DeadLetter = "dead-letter";

    /// <summary>How long a failed attempt rests: the timer's next look but one comes upon it.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(4);

    /// <summary>A blob has arrived.</summary>
    public async Task ArrivedAsync(
        DurableTaskClient client, BlobClient blob, CancellationToken cancellation)
    {
        // The API's own marks and receipts lie beside the uploads.
        if (blob.Name.StartsWith('.') || blob.Name.Contains("/.", StringComparison.Ordinal)) return;
        if (!queue.IsThere)
        {
            await StartAsync(client, ArrivalMessage.Of(blob.Name, string.Empty).Machine, cancellation);
            return;
        }
        // Gone already: whatever took it away has looked at it.
        if (!await blob.ExistsAsync(cancellation)) return;
        var found = await blob.GetPropertiesAsync(cancellationToken: cancellation);
        await queue.SendAsync(
            ArrivalMessage.Of(blob.Name, found.Value.ETag.ToString().Trim('"')), cancellation);
    }

    /// <summary>Starts the jobs that a machine's uploads ask for.</summary>
    public async Task StartAsync(
        DurableTaskClient client, string? machine, CancellationToken cancellation)
    {
        var opened = await engine.GetAsync(cancellation);
        foreach (var job in await UploadJobs.FindAsync(opened.Uploads, machine, cancellation))
        {
            var id = await jobs.EnsureAsync(
                client, IntakeNames.TakeUpload.Name,
                JsonSerializer.Serialize(job.Input, IntakeNames.TakeUpload.Input), job.Id,
                job.Input.Machine, Rest, cancellation);
            if (id is not null) LogStarted(logger, id, job.Input.Path);
        }
    }

    /// <summary>Finds what no event told of, and tells how long the oldest upload waits.</summary>
    public async Task ReconcileAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var opened = await engine.GetAsync(cancellation);
        DateTimeOffset? oldest = null;
        var waiting = 0;
        await foreach (var upload in opened.Uploads.ListAsync(null, cancellation))
        {
            waiting++;
            if (oldest is null || upload.Arrived < oldest) oldest = upload.Arrived;
        }
        var age = oldest is null ? TimeSpan.Zero : time.GetUtcNow() - oldest.Value;
        LogWaiting(logger, waiting, Math.Round(age.TotalMinutes, 1));
        if (waiting > 0) await StartAsync(client, null, cancellation);
    }

    /// <summary>
    /// Puts an upload aside whose message could not be handled, and tells of it. One that is gone
    /// was taken after all; one whose job runs is in that job's hands.
    /// </summary>
    public async Task RejectAsync(
        DurableTaskClient client, string message, string? why, CancellationToken cancellation)
    {
        var arrival = ArrivalMessage.Parse(message);
        var opened = await engine.GetAsync(cancellation);
        await foreach (var upload in opened.Uploads.ListAsync(arrival.Machine, cancellation))
        {
            if (!arrival.Blob.StartsWith(upload.Path, StringComparison.Ordinal)
                || await IsTakenAsync(client, opened.Uploads, upload, cancellation)) continue;
            var text = $"No job could be started for it: {why ?? "no reason was told"}.";
            var place = await opened.Uploads.PutAsideAsync(
                upload, new QuarantineReason(DeadLetter, text, time.GetUtcNow()), cancellation);
            await outcomes.PublishAsync(
                FlowOutcomes.Rejected(
                    $"{DeadLetter}-{arrival.Id[..16]}", upload.Machine, upload.Snapshot, DeadLetter,
                    text, place, time.GetUtcNow()),
                cancellation);
            return;
        }
    }

    private static async Task<bool> IsTakenAsync(
        DurableTaskClient client, IIncomingUploads uploads, Upload upload,
        CancellationToken cancellation)
    {
        foreach (var job in await UploadJobs.FindAsync(uploads, upload.Machine, cancellation))
        {
            if (string.Equals(job.Input.Path, upload.Path, StringComparison.Ordinal)
                && await client.GetInstanceAsync(
                    job.Id, getInputsAndOutputs: false, cancellation) is { IsCompleted: false })
                return true;
        }
        return false;
    }

    [LoggerMessage(
        EventId = 7301, Level = LogLevel.Information, Message = "Job {Job} takes {Upload} in")]
    private static partial void LogStarted(ILogger logger, string job, string upload);

    [LoggerMessage(
        EventId = 7302, EventName = "UploadsWaiting", Level = LogLevel.Information,
        Message = "{Uploads} uploads wait, the oldest for {OldestMinutes} minutes")]
    private static partial void LogWaiting(ILogger logger, int uploads, double oldestMinutes);
}
