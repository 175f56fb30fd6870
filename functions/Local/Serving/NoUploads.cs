using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving;

/// <summary>A host that takes uploads from its incoming folder alone.</summary>
internal sealed class NoUploads : IUploads
{
    /// <inheritdoc/>
    public bool TakesBytes => false;

    /// <inheritdoc/>
    public Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation) =>
        Task.FromResult<UploadStatus?>(null);

    /// <inheritdoc/>
    public Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation) =>
        throw Refused();

    /// <inheritdoc/>
    public Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation) =>
        throw Refused();

    /// <inheritdoc/>
    public Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation) =>
        throw Refused();

    /// <inheritdoc/>
    public Task<bool> AbandonAsync(
        string machine, string snapshot, CancellationToken cancellation) => Task.FromResult(false);

    private static RefusedException Refused() => new(
        "uploads", "This host takes uploads from its incoming folder alone.");
}
