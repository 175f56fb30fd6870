using SnapshotFunctions.Engine.Flows.Ingestion;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>What a look at an upload told.</summary>
/// <param name="Standing">Whether it can be taken now.</param>
/// <param name="Ahead">The upload that is to be taken before it.</param>
/// <param name="Ingest">The input of its ingest, where it can be taken.</param>
/// <param name="Files">Its files in the state that is taken.</param>
public sealed record UploadLook(
    UploadStanding Standing, string? Ahead = null, IngestInput? Ingest = null,
    IReadOnlyList<UploadedFile>? Files = null);
