namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>A snapshot to ingest.</summary>
/// <param name="Machine">The machine; made when it is new.</param>
/// <param name="Disks">One image a disk.</param>
/// <param name="Parent">
/// The version that incremental images are laid on; null for the newest. No effect on full images.
/// </param>
/// <param name="Label">What the user calls the version; at most 200 characters.</param>
/// <param name="Snapshot">The upload's name.</param>
/// <param name="Files">
/// Machine files, at most <see cref="Manifests.VersionFile.MostFiles"/>; null for none. They belong
/// to this snapshot alone: the next version has those that its own snapshot brings.
/// </param>
/// <param name="Like">
/// The machine that a new one may be stored against: <c>auto</c> for the one most like it, or a
/// name; <c>none</c> for none, whatever the owner has set; null for what is set. No effect once the machine has a version.
/// </param>
public sealed record IngestInput(
    string Machine, IReadOnlyList<IngestDisk> Disks, int? Parent = null, string? Label = null,
    string? Snapshot = null, IReadOnlyList<IngestFile>? Files = null,
    string? Like = null);
