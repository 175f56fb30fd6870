using System.Text.Json;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving;

/// <summary>
/// Takes one upload in. Order of what is written, each with what a crash after it leaves: a mark
/// beside the upload names the job (the job is started under that name later); the job (it is
/// resumed, and its end found by the mark); the files are removed (the mark says that they may be);
/// the mark (nothing is left).
/// </summary>
internal sealed class UploadIntake(
    LocalEngine engine, IIncomingUploads uploads, TimeSpan wait, Action<ServeEvent> tell,
    string? like = null)
{
    /// <summary>The code of an upload whose ingest was cancelled.</summary>
    public const string CancelledCode = "refused-upload-cancelled";

    private readonly IntakeRules _rules =
        new(engine.Manifests, engine.Services.Sources, uploads, like);

    /// <summary>Takes an upload in, or puts it aside.</summary>
    /// <returns>False when it must be tried again later.</returns>
    public async Task<bool> TakeAsync(Upload upload, CancellationToken cancellation)
    {
        try
        {
            var input = await UploadReader.ReadAsync(
                upload, engine.Services.Sources, cancellation);
            return input is null || await TakeAsync(upload, input, cancellation);
        }
        catch (JobCancelledException)
        {
            return await PutAsideAsync(upload, Cancelled(upload), cancellation);
        }
        catch (SnapshotException error) when (IntakeRules.IsForGood(error.Code))
        {
            return await PutAsideAsync(upload, error, cancellation);
        }
        catch (Exception error) when (error is SnapshotException or IOException
            or UnauthorizedAccessException)
        {
            var body = ErrorText.Of(error);
            tell(Event("postponed", upload) with { Code = body.Code, Message = body.Message });
            return false;
        }
    }

    private async Task<bool> TakeAsync(
        Upload upload, IngestInput input, CancellationToken cancellation)
    {
        await using var drive = await MachineDrive.EnterAsync(
            engine, input.Machine, wait,
            other => tell(Event("note", upload) with { Message = $"Waiting for {other}." }),
            cancellation);
        foreach (var resumed in drive.Resumed)
        {
            tell(Event("resumed", upload) with
            {
                Snapshot = null, Message = $"{resumed.Job.InstanceId}: {resumed.Job.State}",
            });
        }
        var mark = ReadMark(upload);
        var job = mark?.Job;
        var known = job is null ? null : await engine.Runner.GetAsync(job, cancellation);
        // Asked to end, it is put aside, and what builds on it with it; not begun once more.
        if (known is { State: JobState.Cancelled } || (known is null && mark is { Cancelled: true }))
        {
            throw Cancelled(upload);
        }
        if (known is { State: JobState.Failed } && !IntakeRules.IsForGood(known.ErrorCode!))
            (job, known) = (null, null);
        if (known is null)
        {
            await _rules.CheckNewAsync(input, cancellation);
            input = await _rules.SetAsync(input, cancellation);
            job ??= Mark(upload);
            tell(Event("taking", upload));
            await engine.Runner.StartAsync(
                FlowNames.Ingest, input, job, input.Machine, cancellation);
        }
        var result = await engine.Runner.RunToEndAsync(FlowNames.Ingest, job!, cancellation);
        await uploads.RemoveAsync(upload, cancellation);
        tell(Event("taken", upload) with
        {
            Version = result.Version, Message = result.Like is { } found
                ? $"{IngestCommand.Words(found)}; {IngestCommand.Words(result)}"
                : IngestCommand.Words(result),
        });
        return true;
    }

    /// <summary>Refuses what cannot be taken in as the machine stands.</summary>
    /// <exception cref="RefusedException"><c>snapshot-taken</c>, <c>parent-quarantined</c>.</exception>
    public Task CheckNewAsync(IngestInput input, CancellationToken cancellation) =>
        _rules.CheckNewAsync(input, cancellation);

    private async Task<bool> PutAsideAsync(
        Upload upload, SnapshotException why, CancellationToken cancellation)
    {
        var folder = await uploads.PutAsideAsync(
            upload, new QuarantineReason(why.Code, why.Message, engine.Time.GetUtcNow()),
            cancellation);
        tell(Event("quarantined", upload) with
        {
            Code = why.Code, Message = $"{why.Message} It lies in {folder} now.",
        });
        return true;
    }

    private static RefusedException Cancelled(Upload upload) =>
        new("upload-cancelled", $"The ingest of '{upload.Snapshot}' was cancelled.");

    private static TakingMark? ReadMark(Upload upload)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(upload.FileAt(UploadFolder.MarkName)),
                ServingJson.Default.TakingMark);
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException)
        {
            // Cut off while it was written: the job was not started then.
            return null;
        }
    }

    private string Mark(Upload upload)
    {
        var job = JobIds.Next(FlowNames.Ingest.Name, upload.Machine, engine.Time);
        using var file = new FileStream(upload.FileAt(UploadFolder.MarkName), FileMode.Create);
        JsonSerializer.Serialize(file, new TakingMark(job), ServingJson.Default.TakingMark);
        file.Flush(flushToDisk: true);
        return job;
    }

    private ServeEvent Event(string kind, Upload upload) =>
        new(engine.Time.GetUtcNow(), kind, upload.Machine, upload.Snapshot);
}
