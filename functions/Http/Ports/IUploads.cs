using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Ports;

/// <summary>
/// Where the files of a snapshot are gathered before it is ingested. Nothing of an upload is seen
/// by an ingest before it is completed; completing it is one act.
/// </summary>
public interface IUploads
{
    /// <summary>
    /// Whether this host takes bytes itself; otherwise <see cref="GrantAsync"/> says where they go.
    /// </summary>
    bool TakesBytes { get; }

    /// <summary>What has been uploaded of a snapshot; null for nothing.</summary>
    Task<UploadStatus?> FindAsync(
        string machine, string snapshot, CancellationToken cancellation);

    /// <summary>
    /// Takes bytes of a file at an offset, which must be where the file ends so far or before: what
    /// stood from there on is dropped, and at offset 0 another total may be told. A connection that
    /// breaks, or a body that ends too soon, keeps what came; one that is too long keeps nothing of
    /// the piece. One writer a file: a second one at the same time is refused, unless the earlier
    /// one has stalled; then that one's next write is.
    /// </summary>
    /// <param name="file">The file of the upload.</param>
    /// <param name="piece">Where the bytes belong, and how long the file is in all.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="RefusedException">
    /// "upload-taken": the snapshot was completed before; "snapshot-taken": a version has its name;
    /// "upload-offset": bytes in between are missing; "upload-total": another length was told
    /// before; "upload-format-differs": another format was; "upload-writer": another writer is at
    /// work; "upload-length": the body is shorter or longer than told; "upload-too-many": no more
    /// files; "body-length": longer than any file may be.
    /// </exception>
    Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation);

    /// <summary>Where the client uploads a file itself: a short-lived URL for that file alone.</summary>
    /// <exception cref="RefusedException">"upload-taken", "snapshot-taken".</exception>
    Task<UploadGrant> GrantAsync(UploadFile file, CancellationToken cancellation);

    /// <summary>Drops one file of an upload; false when it was not there.</summary>
    /// <exception cref="RefusedException">"upload-taken", "upload-writer".</exception>
    Task<bool> DropAsync(UploadFile file, CancellationToken cancellation);

    /// <summary>
    /// Checks that all is there, binds it and starts its ingest. Again with the same closing: the
    /// same job, also after that has ended.
    /// </summary>
    /// <exception cref="RefusedException">
    /// "upload-incomplete", "upload-taken" (it was completed with another closing),
    /// "upload-writer", "snapshot-taken", "parent-quarantined".
    /// </exception>
    /// <exception cref="InvalidImageException">An image is not what its format says.</exception>
    /// <exception cref="NoSuchException">Nothing was uploaded.</exception>
    Task<JobStatus> CompleteAsync(
        string machine, string snapshot, UploadClosing closing, CancellationToken cancellation);

    /// <summary>Drops what was uploaded; false when there was nothing.</summary>
    /// <exception cref="RefusedException">"upload-taken", "upload-writer".</exception>
    Task<bool> AbandonAsync(string machine, string snapshot, CancellationToken cancellation);
}
