using System.Text.Json;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <content>
/// Completing. Order of what is written, each with what a crash after it leaves: the receipt (the
/// upload is still gathered; completing again goes on, under the same job); the note and the mark
/// (the same); the folder's new name (the upload is complete: the watch takes it in under the
/// receipt's job); the job (it is resumed).
/// </content>
internal sealed partial class FolderUploads
{
    /// <inheritdoc/>
    public async Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation)
    {
        var places = At(machine, snapshot);
        // Of a machine one after the other: what waits before an upload decides how it starts.
        using var turn = _gates.Enter(machine);
        await turn.TakeTurnAsync(cancellation);
        using var use = _gates.Enter(KeyOf(places));
        await use.TakeTurnAsync(cancellation);
        if (!IsCompleted(places, out var receipt))
            receipt = await BindAsync(places, use.Gate, closing, receipt?.Job, cancellation);
        else if (!IsSame(receipt!.Closing, closing))
            throw Taken(places, "was completed with other disks, files, parent or label");
        // From here on the client's patience ends nothing: the upload is complete.
        await StartAsync(places, receipt, CancellationToken.None);
        _completed();
        return await StatusAsync(places, receipt, CancellationToken.None)
            ?? throw new NoSuchException(
                $"job '{receipt.Job}' (any more)", "Upload the snapshot again under a new name.");
    }

    private async Task<UploadReceipt> BindAsync(
        UploadPlaces places, UploadGate gate, UploadClosing closing, string? job,
        CancellationToken cancellation)
    {
        if (!Directory.Exists(places.Gathered))
        {
            await CheckNameAsync(places, cancellation);
            throw new NoSuchException(
                $"upload of snapshot '{places.Snapshot}' of '{places.Machine}'",
                "PUT its disks there first.");
        }
        foreach (var writer in gate.Writers)
            await StopAsync(writer, places.Snapshot, cancellation);
        if (Directory.Exists(places.Visible))
            throw Taken(places, "lies in the incoming folder already: another one was put there");
        var files = Records(places);
        closing = closing with { Files = CheckWhole(closing, files) };
        UploadFaults.Run(places.Snapshot, () => Prepare(places, closing, files));
        var input = await UploadReader.ReadAsync(
            IncomingFolder.At(places.Machine, places.Snapshot, places.Gathered),
            _engine.Services.Sources, cancellation)
            ?? throw new InvalidOperationException("An upload with its note is whole.");
        await _checkNew(input, cancellation);
        await CheckImagesAsync(input, cancellation);
        CheckLength(places, input);
        var receipt = new UploadReceipt(
            job ?? JobIds.Next(FlowNames.Ingest.Name, places.Machine, _engine.Time), closing,
            _engine.Time.GetUtcNow());
        UploadFaults.Run(places.Snapshot, () => Bind(places, receipt));
        return receipt;
    }

    private void Prepare(UploadPlaces places, UploadClosing closing, List<GatheredFile> files)
    {
        // Files without a record are what a crash has left; they belong to no snapshot.
        var known = files.Select(f => f.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(places.Gathered))
            if (!known.Contains(Path.GetFileName(path))) File.Delete(path);
        DurableFiles.Write(
            Path.Combine(places.Gathered, Upload.NoteName),
            new SnapshotNote(closing.Parent, closing.Label, closing.Disks, closing.Files),
            IntakeJson.Default.SnapshotNote);
        _options.Done("note");
    }

    private void Bind(UploadPlaces places, UploadReceipt receipt)
    {
        DurableFiles.Write(places.Receipt, receipt, UploadingJson.Default.UploadReceipt);
        _options.Done("receipt");
        DurableFiles.Write(
            Path.Combine(places.Gathered, UploadFolder.MarkName), new TakingMark(receipt.Job),
            ServingJson.Default.TakingMark);
        _options.Done("mark");
        Directory.Move(places.Gathered, places.Visible);
        DurableFiles.SyncFolder(places.MachineFolder);
        DurableFiles.SyncFolder(places.Hidden);
        _options.Done("name");
    }

    /// <summary>
    /// Starts the job, so that it is seen at once; unless other uploads of the machine come first.
    /// Then the watch starts it when those have been taken, for only then it is known whether what
    /// it builds on was good.
    /// </summary>
    private async Task StartAsync(
        UploadPlaces places, UploadReceipt receipt, CancellationToken cancellation)
    {
        if (await _engine.Runner.GetAsync(receipt.Job, cancellation) is not null) return;
        try
        {
            if (!await IsAloneAsync(places, cancellation)) return;
            var input = await UploadReader.ReadAsync(
                IncomingFolder.At(places.Machine, places.Snapshot, places.Visible),
                _engine.Services.Sources, cancellation);
            if (input is null) return;
            await _checkNew(input, cancellation);
            await _engine.Runner.StartAsync(
                FlowNames.Ingest, input, receipt.Job, places.Machine, cancellation);
            _options.Done("job");
        }
        catch (Exception error) when (error is RefusedException or InvalidImageException
            or IOException)
        {
            // The watch is taking it just now, or will come to see the same and put it aside.
        }
    }

    private async Task<bool> IsAloneAsync(UploadPlaces places, CancellationToken cancellation)
    {
        var others = new DirectoryInfo(places.MachineFolder).EnumerateFileSystemInfos()
            .Any(i => !i.Name.StartsWith('.')
                && !string.Equals(i.Name, places.Snapshot, StringComparison.Ordinal));
        if (others || !Directory.Exists(places.Visible)) return false;
        return !(await _engine.Runner.ListRunningAsync(cancellation)).Any(
            j => j.State == Runner.JobState.Running
                && string.Equals(j.Subject, places.Machine, StringComparison.Ordinal)
                && string.Equals(j.Flow, FlowNames.Ingest.Name, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> CheckWhole(UploadClosing closing, List<GatheredFile> files)
    {
        var told = closing.Files
            ?? [.. files.Where(f => f.Kind is UploadKind.File).Select(f => f.Name)];
        Check("disk", closing.Disks, UploadKind.Disk);
        Check("machine file", told, UploadKind.File);
        return told;

        void Check(string word, IReadOnlyList<string> expected, UploadKind kind)
        {
            var found = files.Where(f => f.Kind == kind).ToDictionary(
                f => f.Name, StringComparer.Ordinal);
            foreach (var name in expected)
            {
                if (!found.Remove(name, out var file))
                    throw Incomplete($"{word} '{name}' was not uploaded");
                if (!file.IsComplete)
                {
                    throw Incomplete(
                        $"{word} '{name}' has {file.ReceivedBytes} of "
                        + $"{file.TotalBytes?.ToString() ?? "an unknown number of"} bytes");
                }
            }
            if (found.Count > 0)
            {
                throw Incomplete(
                    $"{word} '{found.Keys.First()}' was uploaded and is not named; name it or drop it");
            }
        }
    }

    private static async Task CheckImagesAsync(IngestInput input, CancellationToken cancellation)
    {
        foreach (var disk in input.Disks)
        {
            await using var image = await ImageOpener.OpenAsync(
                new FileByteSource(disk.Source), disk.Format, cancellation);
        }
    }

    /// <summary>A job's input has a length that is no upload's to know: it is refused in time.</summary>
    private static void CheckLength(UploadPlaces places, IngestInput input)
    {
        var final = input with
        {
            Disks = [.. input.Disks.Select(d => d with { Source = Final(d.Source) })],
            Files = input.Files?.Select(f => f with { Source = Final(f.Source) }).ToList(),
        };
        var length = JsonSerializer.SerializeToUtf8Bytes(final, FlowNames.Ingest.Input).Length;
        if (length <= PayloadTooLargeException.MaxLengthBytes) return;
        throw new RefusedException(
            "upload-too-many",
            $"The names of all files together take {length} bytes; a job carries "
            + $"{PayloadTooLargeException.MaxLengthBytes}. Upload fewer files, or shorter names.");

        string Final(string source) => Path.Combine(places.Visible, Path.GetFileName(source));
    }

    private static bool IsSame(UploadClosing first, UploadClosing again) => string.Equals(
        Text(first), Text(again with { Files = again.Files ?? first.Files }),
        StringComparison.Ordinal);

    private static string Text(UploadClosing closing) => JsonSerializer.Serialize(
        closing with
        {
            Disks = [.. closing.Disks.Order(StringComparer.Ordinal)],
            Files = closing.Files?.Order(StringComparer.Ordinal).ToList(),
        },
        UploadingJson.Default.UploadClosing);

    private static RefusedException Incomplete(string what) =>
        new("upload-incomplete", $"The upload is not complete: {what}.");
}
