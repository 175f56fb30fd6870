using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>
/// Gathers uploads in the incoming folder, out of the watch's sight. One process at a time works on
/// a folder. Thread-safe.
/// </summary>
internal sealed partial class FolderUploads : IUploads
{
    private readonly UploadGates _gates = new();
    private readonly LocalEngine _engine;
    private readonly Quarantine _quarantine;
    private readonly Func<IngestInput, CancellationToken, Task> _checkNew;
    private readonly Action _completed;
    private readonly FolderUploadOptions _options;
    private readonly string _incoming;

    /// <summary>Uploads of a folder; does no I/O.</summary>
    /// <param name="engine">Runs the ingests.</param>
    /// <param name="incoming">The folder that is watched.</param>
    /// <param name="quarantine">Where bad uploads are put.</param>
    /// <param name="checkNew">
    /// Refuses a snapshot that was taken before or may build on a bad one.
    /// </param>
    /// <param name="completed">Told when there is something for the watch to see.</param>
    /// <param name="options">Limits.</param>
    public FolderUploads(
        LocalEngine engine, string incoming, Quarantine quarantine,
        Func<IngestInput, CancellationToken, Task> checkNew, Action completed,
        FolderUploadOptions options)
    {
        (_engine, _incoming, _quarantine) = (engine, Path.GetFullPath(incoming), quarantine);
        (_checkNew, _completed, _options) = (checkNew, completed, options);
    }

    /// <inheritdoc/>
    public bool TakesBytes => true;

    /// <inheritdoc/>
    public async Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation)
    {
        var places = At(machine, snapshot);
        using var use = _gates.Enter(KeyOf(places));
        await use.TakeTurnAsync(cancellation);
        if (!Directory.Exists(places.Hidden)) return null;
        var files = Records(places);
        var job = IsCompleted(places, out var receipt) ? receipt!.Job : null;
        return new UploadStatus(
            machine, snapshot, Statuses(UploadKind.Disk), Statuses(UploadKind.File), job,
            job is null ? Touched(places, files) + _options.AbandonAfter : null);

        IReadOnlyList<UploadedFileStatus> Statuses(UploadKind kind) =>
            [.. files.Where(f => f.Kind == kind).Select(f => f.Status())];
    }

    /// <inheritdoc/>
    public Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation) =>
        throw new InvalidOperationException("This host takes the bytes itself.");

    /// <inheritdoc/>
    public async Task<bool> DropAsync(UploadFile file, CancellationToken cancellation)
    {
        var places = At(file.Machine, file.Snapshot);
        using var use = _gates.Enter(KeyOf(places));
        await use.TakeTurnAsync(cancellation);
        var path = places.RecordOf(file.Kind, file.Name);
        if (ReadRecord(places, path) is not { } record) return false;
        RefuseCompleted(places);
        await StopAsync(use.Gate.WriterOf(path), file.Name, cancellation);
        UploadFaults.Run(record.FileName, () =>
        {
            // The record first: a file without one is nobody's, and goes when it is in the way.
            File.Delete(path);
            DurableFiles.SyncFolder(places.Hidden);
            File.Delete(Path.Combine(places.Gathered, record.FileName));
        });
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> AbandonAsync(
        string machine, string snapshot, CancellationToken cancellation)
    {
        var places = At(machine, snapshot);
        using var use = _gates.Enter(KeyOf(places));
        await use.TakeTurnAsync(cancellation);
        if (!Directory.Exists(places.Hidden)) return false;
        if (IsCompleted(places, out _)) throw Taken(places, "was completed");
        foreach (var writer in use.Gate.Writers)
            await StopAsync(writer, snapshot, cancellation);
        Remove(places);
        return true;
    }

    /// <summary>
    /// Removes uploads that nothing was added to for long, and what is remembered of completed ones
    /// whose job ended as long ago. To be called now and then.
    /// </summary>
    /// <returns>What was removed, as <c>machine/snapshot</c>; completed ones are not named.</returns>
    public async Task<IReadOnlyList<string>> RemoveAbandonedAsync(CancellationToken cancellation)
    {
        foreach (var left in UploadPlaces.Removed(_incoming)) Directory.Delete(left, recursive: true);
        var removed = new List<string>();
        foreach (var places in UploadPlaces.All(_incoming).ToList())
        {
            using var use = _gates.Enter(KeyOf(places));
            await use.TakeTurnAsync(cancellation);
            if (!Directory.Exists(places.Hidden) || use.Gate.Writers.Count > 0) continue;
            var completed = IsCompleted(places, out var receipt);
            var touched = completed ? receipt!.Completed : Touched(places, Records(places));
            if (touched + _options.AbandonAfter > _engine.Time.GetUtcNow()) continue;
            if (completed && await IsPendingAsync(places, receipt!, cancellation)) continue;
            Remove(places);
            if (!completed) removed.Add($"{places.Machine}/{places.Snapshot}");
        }
        return removed;
    }

    private async Task<bool> IsPendingAsync(
        UploadPlaces places, UploadReceipt receipt, CancellationToken cancellation) =>
        Directory.Exists(places.Visible)
        || await _engine.Runner.GetAsync(receipt.Job, cancellation)
            is { State: Runner.JobState.Running };

    private static void Remove(UploadPlaces places) => UploadFaults.Run(places.Snapshot, () =>
    {
        // Gone as one act; what a crash leaves of the rest goes with the next look for abandoned
        // uploads.
        var removed = places.NewRemoved();
        Directory.Move(places.Hidden, removed);
        DurableFiles.SyncFolder(places.MachineFolder);
        Directory.Delete(removed, recursive: true);
    });

    private async Task StopAsync(
        UploadWriter? writer, string name, CancellationToken cancellation)
    {
        if (writer is null) return;
        if (!writer.HasStalled(_options.StallAfter))
        {
            throw new RefusedException(
                "upload-writer",
                $"Another connection is uploading '{name}' just now. Let it end, or break it off "
                + $"and try again after {_options.StallAfter.TotalSeconds:0} seconds.");
        }
        await writer.OvertakeAsync(cancellation);
    }

    private UploadPlaces At(string machine, string snapshot) => new(
        _incoming, ObjectNames.CheckName("machine", machine),
        ObjectNames.CheckName("snapshot", snapshot));

    private static string KeyOf(UploadPlaces places) => $"{places.Machine}/{places.Snapshot}";

    private static GatheredFile? ReadRecord(UploadPlaces places, string path)
    {
        if (DurableFiles.Read(path, UploadingJson.Default.GatheredFile) is not { } record) return null;
        // Once completed the file is not there any more; before, one that was taken away or cut off
        // by other hands has to come again.
        var file = new FileInfo(Path.Combine(places.Gathered, record.FileName));
        return !Directory.Exists(places.Gathered)
            || (file.Exists && file.Length >= record.ReceivedBytes)
            ? record : record with { ReceivedBytes = 0 };
    }

    private static List<GatheredFile> Records(UploadPlaces places) =>
    [
        .. Directory.EnumerateFiles(places.Hidden, "*-*.json")
            .Select(path => ReadRecord(places, path)).OfType<GatheredFile>()
            .OrderBy(f => f.Kind).ThenBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary>Whether the upload has got the snapshot's name: the folder it was in is gone.</summary>
    private static bool IsCompleted(UploadPlaces places, out UploadReceipt? receipt)
    {
        receipt = DurableFiles.Read(places.Receipt, UploadingJson.Default.UploadReceipt);
        return receipt is not null && !Directory.Exists(places.Gathered);
    }

    private static void RefuseCompleted(UploadPlaces places)
    {
        if (IsCompleted(places, out var receipt)) throw Taken(places, "was completed");
        if (receipt is not null)
        {
            throw Taken(
                places, "is being completed: complete it again, or abandon it, before its files change");
        }
    }

    private static DateTimeOffset Touched(UploadPlaces places, List<GatheredFile> files) =>
        files.Count > 0
            ? files.Max(f => f.Touched)
            : new DateTimeOffset(Directory.GetLastWriteTimeUtc(places.Hidden));

    private static RefusedException Taken(UploadPlaces places, string why) => new(
        "upload-taken",
        $"The upload of snapshot '{places.Snapshot}' of '{places.Machine}' {why}.");
}
