using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.TestShared.Machines;

namespace SnapshotFunctions.LocalTests.Http.Rigging;

/// <summary>Uploads in memory, one writer at a time: what routes can be called with.</summary>
internal sealed class MemoryUploads(TinySources sources, IJobs jobs) : IUploads
{
    private readonly Dictionary<(string Machine, string Snapshot), List<(UploadFile File, byte[] Content)>>
        _uploads = [];

    private readonly Dictionary<(string Machine, string Snapshot), string> _completed = [];

    public bool TakesBytes => true;

    public Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation)
    {
        var job = _completed.GetValueOrDefault((machine, snapshot));
        if (!_uploads.TryGetValue((machine, snapshot), out var files) && job is null)
            return Task.FromResult<UploadStatus?>(null);
        return Task.FromResult<UploadStatus?>(new UploadStatus(
            machine, snapshot, Of(UploadKind.Disk), Of(UploadKind.File), job,
            DateTimeOffset.UnixEpoch));

        IReadOnlyList<UploadedFileStatus> Of(UploadKind kind) =>
            [.. (files ?? []).Where(f => f.File.Kind == kind).Select(f => Status(f.File, f.Content))];
    }

    public async Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await body.CopyToAsync(content, cancellation);
        var key = (file.Machine, file.Snapshot);
        if (!_uploads.TryGetValue(key, out var files)) _uploads.Add(key, files = []);
        files.RemoveAll(f => f.File.Kind == file.Kind && f.File.Name == file.Name);
        files.Add((file, content.ToArray()));
        return Status(file, content.ToArray());
    }

    public Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation) =>
        throw new InvalidOperationException("This host takes the bytes itself.");

    public Task<bool> DropAsync(UploadFile file, CancellationToken cancellation) => Task.FromResult(
        _uploads.TryGetValue((file.Machine, file.Snapshot), out var files)
        && files.RemoveAll(f => f.File.Kind == file.Kind && f.File.Name == file.Name) > 0);

    public async Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation)
    {
        if (!_uploads.Remove((machine, snapshot), out var files))
            throw new NoSuchException($"upload of '{snapshot}'", "PUT its disks there first.");
        foreach (var (file, content) in files) sources.Add($"{snapshot}-{file.Name}", content);
        var job = await jobs.StartAsync(
            FlowNames.Ingest,
            new IngestInput(
                machine, [.. closing.Disks.Select(d => new IngestDisk($"{snapshot}-{d}", d))],
                closing.Parent, closing.Label, snapshot),
            machine, null, cancellation);
        _completed[(machine, snapshot)] = job.Id;
        return job;
    }

    public Task<bool> AbandonAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        Task.FromResult(_uploads.Remove((machine, snapshot)));

    private static UploadedFileStatus Status(UploadFile file, byte[] content) =>
        new(file.Name, file.Format, content.Length, content.Length, true);
}
