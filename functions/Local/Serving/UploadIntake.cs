using System.Text.Json;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
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
    LocalEngine engine, Quarantine quarantine, TimeSpan wait, Action<ServeEvent> tell)
{
    /// <summary>The mark's name; hidden, so that it is no file of the upload.</summary>
    public const string MarkName = ".taking.json";

    /// <summary>The code of an upload whose ingest was cancelled.</summary>
    public const string CancelledCode = "refused-upload-cancelled";


    /// <summary>Takes an upload in, or puts it aside.</summary>
    /// <returns>False when it must be tried again later.</returns>
    public async Task<bool> TakeAsync(Upload upload, CancellationToken cancellation)
    {
        try
        {
            var input = await UploadReader.ReadAsync(upload, cancellation);
            return input is null || await TakeAsync(upload, input, cancellation);
        }
        catch (JobCancelledException)
        {
            return PutAside(upload, Cancelled(upload));
        }
        catch (SnapshotException error) when (IsForGood(error))
        {
            return PutAside(upload, error);
        }
        catch (Exception error) when (error is SnapshotException or IOException
            or UnauthorizedAccessException)
        {
            var body = ErrorText.Of(error);
            tell(Event("postponed", upload) with { Code = body.Code, Message = body.Message });
            return false;
        }
    }

    /// <summary>Removes what is left of an upload's folder.</summary>
    public static void RemoveFolder(Upload upload)
    {
        File.Delete(upload.FileAt(MarkName));
        try
        {
            Directory.Delete(upload.Path);
        }
        catch (IOException)
        {
            // Something has been put there meanwhile: another upload, which is looked at next.
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
        if (known is { State: JobState.Failed } && !IsForGood(known.ErrorCode!))
            (job, known) = (null, null);
        if (known is null)
        {
            await CheckNewAsync(input, cancellation);
            job ??= Mark(upload);
            tell(Event("taking", upload));
            await engine.Runner.StartAsync(
                FlowNames.Ingest, input, job, input.Machine, cancellation);
        }
        var result = await engine.Runner.RunToEndAsync(FlowNames.Ingest, job!, cancellation);
        foreach (var file in upload.Files) File.Delete(upload.FileAt(file.Name));
        RemoveFolder(upload);
        tell(Event("taken", upload) with
        {
            Version = result.Version, Message = IngestCommand.Words(result),
        });
        return true;
    }

    /// <summary>
    /// Refuses a snapshot that was taken before, and an incremental that may build on an upload
    /// that was put aside: laid on the newest version it would be a disk that never was.
    /// </summary>
    public async Task CheckNewAsync(IngestInput input, CancellationToken cancellation)
    {
        if (await engine.Manifests.FindAsync(input.Machine, cancellation) is not { } manifest) return;
        VersionRecord? newest = null;
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
        {
            newest = version;
            if (string.Equals(version.Snapshot, input.Snapshot, StringComparison.Ordinal))
            {
                throw new RefusedException(
                    "snapshot-taken",
                    $"Snapshot '{input.Snapshot}' of '{input.Machine}' is version {version.Number} "
                    + "already: give a new snapshot a new name.");
            }
        }
        if (newest is not null && input.Parent is null
            && quarantine.HasSince(input.Machine, newest.Time)
            && await UploadReader.IsIncrementalAsync(input, cancellation))
        {
            throw new RefusedException(
                "parent-quarantined",
                $"An upload of '{input.Machine}' after version {newest.Number} was put aside, and "
                + "this incremental may build on it: upload a full image, or name the parent's "
                + $"version in {Upload.NoteName}.");
        }
    }

    private bool PutAside(Upload upload, SnapshotException why)
    {
        var folder = quarantine.Put(upload, why);
        tell(Event("quarantined", upload) with
        {
            Code = why.Code, Message = $"{why.Message} It lies in {folder} now.",
        });
        return true;
    }

    private static RefusedException Cancelled(Upload upload) =>
        new("upload-cancelled", $"The ingest of '{upload.Snapshot}' was cancelled.");

    private static bool IsForGood(SnapshotException error) => IsForGood(error.Code);

    private static bool IsForGood(string code) =>
        code is not "object-archived"
        && ExitCodes.OfCode(code) is ExitCodes.Refused or ExitCodes.NotFound;

    private static TakingMark? ReadMark(Upload upload)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(upload.FileAt(MarkName)), ServingJson.Default.TakingMark);
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
        using var file = new FileStream(upload.FileAt(MarkName), FileMode.Create);
        JsonSerializer.Serialize(file, new TakingMark(job), ServingJson.Default.TakingMark);
        file.Flush(flushToDisk: true);
        return job;
    }

    private ServeEvent Event(string kind, Upload upload) =>
        new(engine.Time.GetUtcNow(), kind, upload.Machine, upload.Snapshot);
}
