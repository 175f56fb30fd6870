using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.LocalTests.Http.Rigging;

/// <summary>No uploads: for tests of what has nothing to do with them.</summary>
internal sealed class NoUploads : IUploads
{
    public bool TakesBytes => true;

    public Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<bool> DropAsync(UploadFile file, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<bool> AbandonAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
