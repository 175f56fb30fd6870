namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>A surveyed snapshot for which an ingest shall be opened.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job; it opens one ingest only, however often it asks.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Parent">The version that incrementals are laid on; null for the newest.</param>
/// <param name="Label">What the user calls the version.</param>
/// <param name="Snapshot">The upload's name.</param>
/// <param name="Time">When the job began.</param>
/// <param name="Disks">The images.</param>
public sealed record OpenIngestInput(
    string Machine, string Job, long Epoch, int? Parent, string? Label, string? Snapshot,
    DateTimeOffset Time, IReadOnlyList<SurveyedDisk> Disks);
