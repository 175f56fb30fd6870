using SnapshotFunctions.Engine.Flows.Ingestion;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>What became of an upload.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Snapshot">The snapshot's folder.</param>
/// <param name="Outcome">In a word.</param>
/// <param name="Ingest">What its ingest came to; of one that was taken in.</param>
/// <param name="Code">Why it was put aside, for programs.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="Place">Where it lies now, of one that was put aside.</param>
public sealed record TakeUploadResult(
    string Machine, string? Snapshot, UploadOutcome Outcome, IngestResult? Ingest = null,
    string? Code = null, string? Message = null, string? Place = null);
