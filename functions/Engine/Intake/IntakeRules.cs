using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>What is taken in and what is put aside; the same on every host.</summary>
/// <param name="manifests">The manifests.</param>
/// <param name="sources">Opens uploaded files.</param>
/// <param name="uploads">The uploads.</param>
/// <param name="like">What is set for new machines, as <see cref="LikeSetting.Read"/> answers.</param>
public sealed class IntakeRules(
    ManifestStore manifests, ISourceOpener sources, IIncomingUploads uploads, string? like = null)
{
    /// <summary>An upload's input with what the owner has set for new machines.</summary>
    public Task<IngestInput> SetAsync(IngestInput input, CancellationToken cancellation) =>
        LikeSetting.ApplyAsync(input, like, manifests, cancellation);

    /// <summary>
    /// Whether an error of this code is the upload's own fault, so that it is put aside and not
    /// tried again. What is archived comes back, and what is gone is no bad upload.
    /// </summary>
    public static bool IsForGood(string code) => code switch
    {
        "image-gone" => false,
        "not-found" => true,
        _ => code.StartsWith("image-", StringComparison.Ordinal)
            || code.StartsWith("refused-", StringComparison.Ordinal),
    };

    /// <summary>
    /// Refuses a snapshot that was taken before, and an incremental that may build on an upload
    /// that was put aside: laid on the newest version it would be a disk that never was.
    /// </summary>
    /// <exception cref="RefusedException"><c>snapshot-taken</c>, <c>parent-quarantined</c>.</exception>
    public async Task CheckNewAsync(IngestInput input, CancellationToken cancellation)
    {
        if (await manifests.FindAsync(input.Machine, cancellation) is not { } manifest) return;
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
            && await uploads.HasPutAsideSinceAsync(input.Machine, newest.Time, cancellation)
            && await UploadReader.IsIncrementalAsync(input, sources, cancellation))
        {
            throw new RefusedException(
                "parent-quarantined",
                $"An upload of '{input.Machine}' after version {newest.Number} was put aside, and "
                + "this incremental may build on it: upload a full image, or name the parent's "
                + $"version in {Upload.NoteName}.");
        }
    }
}
