using System.Text.Json;
using Microsoft.DurableTask.Client;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.App.Http;

/// <summary>
/// Uploads through the API on Azure: clients get leave to write one blob each, and completing binds
/// the blobs. Order of what is written, each with what a crash after it leaves: the note (the
/// upload is bound: the trigger or the timer starts its job); the receipt (the same, and completing
/// again answers the job); the job.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="jobs">Tells of jobs.</param>
/// <param name="client">Reaches the orchestrations, in the call that is being answered.</param>
/// <param name="starter">Starts each id once.</param>
public sealed class GrantedUploads(
    AppEngine engine, DurableJobs jobs, Func<DurableTaskClient> client, JobStarter starter)
    : IUploads
{
    private readonly IntakeRules _rules =
        new(engine.Services.Manifests, engine.Services.Sources, engine.Uploads);

    /// <inheritdoc/>
    public bool TakesBytes => false;

    /// <inheritdoc/>
    public async Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation)
    {
        var receipt = await ReceiptAsync(machine, snapshot, cancellation);
        var blobs = await engine.Direct.ListAsync(machine, snapshot, cancellation);
        var files = blobs.Where(IsFile).ToList();
        if (receipt is null && files.Count == 0) return null;
        return new UploadStatus(
            machine, snapshot, Statuses(UploadKind.Disk), Statuses(UploadKind.File), receipt?.Job,
            null);

        IReadOnlyList<UploadedFileStatus> Statuses(UploadKind kind) =>
        [
            .. files.Select(b => (Blob: b, File: GrantedFile.Of(b.Name)))
                .Where(f => f.File.Kind == kind)
                .Select(f => new UploadedFileStatus(
                    f.File.Name, f.File.Format, f.Blob.LengthBytes, f.Blob.LengthBytes, true)),
        ];
    }

    /// <inheritdoc/>
    public Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation) =>
        throw new InvalidOperationException("This host takes no bytes itself.");

    /// <inheritdoc/>
    public async Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation)
    {
        if (await ReceiptAsync(file.Machine, file.Snapshot, cancellation) is not null)
            throw Taken(file.Machine, file.Snapshot, "was completed");
        var grant = await engine.Direct.GrantAsync(
            file.Machine, file.Snapshot, UploadRules.FileName(file.Kind, file.Name, file.Format),
            cancellation);
        return new UploadGrant(grant.Url, grant.Method, grant.Headers, grant.Expires);
    }

    /// <inheritdoc/>
    public async Task<bool> DropAsync(UploadFile file, CancellationToken cancellation)
    {
        foreach (var blob in await engine.Direct.ListAsync(
            file.Machine, file.Snapshot, cancellation))
        {
            if (!IsFile(blob)) continue;
            var found = GrantedFile.Of(blob.Name);
            if (found.Kind == file.Kind && Same(found.Name, file.Name))
            {
                return await engine.Direct.RemoveAsync(
                    file.Machine, file.Snapshot, blob.Name, cancellation);
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public async Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation)
    {
        if (await ReceiptAsync(machine, snapshot, cancellation) is { } receipt)
        {
            if (!receipt.IsFor(closing))
                throw Taken(machine, snapshot, "was completed with other disks, files, parent or label");
            return await StatusAsync(receipt.Job, cancellation);
        }
        var blobs = (await engine.Direct.ListAsync(machine, snapshot, cancellation))
            .Where(IsFile).ToList();
        if (blobs.Count == 0)
        {
            throw new NoSuchException(
                $"upload of snapshot '{snapshot}' of '{machine}'", "PUT its disks there first.");
        }
        var bound = closing with { Files = GrantedFile.CheckWhole(closing, blobs) };
        await CheckAsync(machine, snapshot, bound, cancellation);
        await engine.Direct.BindAsync(
            machine, snapshot,
            JsonSerializer.SerializeToUtf8Bytes(
                new SnapshotNote(bound.Parent, bound.Label, bound.Disks, bound.Files),
                IntakeJson.Default.SnapshotNote),
            cancellation);
        // From here on the client's patience ends nothing: the upload is complete.
        return await StartAsync(machine, snapshot, bound, CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task<bool> AbandonAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        engine.Direct.RemoveAsync(machine, snapshot, null, cancellation);

    private async Task<JobStatus> StartAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation)
    {
        var path = $"{machine}/{snapshot}/";
        foreach (var job in await UploadJobs.FindAsync(engine.Uploads, machine, cancellation))
        {
            if (!Same(job.Input.Path, path)) continue;
            await engine.Direct.KeepReceiptAsync(
                machine, snapshot, new GrantedReceipt(job.Id, closing).ToJson(), cancellation);
            await starter.StartAsync(
                client(), IntakeNames.TakeUpload.Name,
                JsonSerializer.Serialize(job.Input, IntakeNames.TakeUpload.Input), job.Id, machine,
                cancellation);
            return await StatusAsync(job.Id, cancellation);
        }
        throw new StoreBusyException(path, "it was bound, and is being taken in just now");
    }

    /// <summary>What can be refused at once is: names taken, parents put aside, bad images.</summary>
    private async Task CheckAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation)
    {
        await foreach (var upload in engine.Uploads.ListAsync(machine, cancellation))
        {
            if (!Same(upload.Path, $"{machine}/{snapshot}/")) continue;
            var input = await UploadReader.ReadAsync(
                upload, engine.Services.Sources, cancellation,
                new SnapshotNote(closing.Parent, closing.Label, closing.Disks, closing.Files));
            await _rules.CheckNewAsync(input!, cancellation);
            foreach (var disk in input!.Disks)
            {
                await using var image = await ImageOpener.OpenAsync(
                    await engine.Services.Sources.OpenAsync(disk.Source, null, cancellation),
                    disk.Format, cancellation);
            }
        }
    }

    private async Task<JobStatus> StatusAsync(string job, CancellationToken cancellation) =>
        await jobs.FindAsync(job, cancellation)
        ?? throw new StoreBusyException(job, "the job was started and is not listed yet");

    private async Task<GrantedReceipt?> ReceiptAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        GrantedReceipt.Parse(
            await engine.Direct.FindReceiptAsync(machine, snapshot, cancellation));

    private static bool IsFile(UploadedBlob blob) =>
        !Same(blob.Name, Upload.NoteName);

    private static RefusedException Taken(string machine, string snapshot, string why) =>
        new("upload-taken", $"The upload of snapshot '{snapshot}' of '{machine}' {why}.");

    private static bool Same(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal);
}
